use crate::context::context;
use leptos::prelude::*;
use parlour_chat::Participant;

use crate::components::show::Show;
use crate::i18n::{I18n, Text, use_i18n};
use crate::store::Store;

/// Who is typing. The live region stays, so that screen readers hear what comes into it.
#[component]
pub(in crate::components) fn Typing() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let typing = move || store.state().with(|state| words(i18n, &state.typing));
    view! { class = "w",
        <div class="typing-place" role="status">
            <Show when=move || typing().is_some()>
                <div class="typing" part="typing">
                    <span class="dots" aria-hidden="true">
                        <span class="dot"></span>
                        <span class="dot"></span>
                        <span class="dot"></span>
                    </span>
                    <span class="typing-words">{move || typing()}</span>
                </div>
            </Show>
        </div>
    }
}

fn words(i18n: I18n, typing: &[Participant]) -> Option<String> {
    Some(match typing {
        [] => return None,
        [one] => i18n.about(Text::TYPING_ONE, one),
        [one, other] => i18n.fill(
            Text::TYPING_TWO,
            &[("name", &i18n.name(one)), ("other", &i18n.name(other))],
        ),
        _ => i18n.text(Text::TYPING_MANY),
    })
}
