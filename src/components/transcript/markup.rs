use leptos::prelude::*;
use parlour_chat::{Block, ListItem, Span, markdown};

use super::words::{Words, in_short_runs, names_host};
use crate::components::links::Link;

/// A text that is written in Markdown.
#[component]
pub(super) fn Markup(text: String) -> impl IntoView {
    blocks(markdown(&text))
}

fn blocks(blocks: Vec<Block>) -> Vec<AnyView> {
    blocks.into_iter().map(block).collect()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Lines(inside) => {
            view! { class = "w", <p class="md" dir="auto">{spans(inside)}</p> }.into_any()
        }
        Block::Code(code) => view! { class = "w",
            <pre class="md md-code" dir="ltr">
                <code>{in_short_runs(&code)}</code>
            </pre>
        }
        .into_any(),
        Block::Quote(inside) => {
            view! { class = "w", <blockquote class="md md-quote">{blocks(inside)}</blockquote> }
                .into_any()
        }
        Block::List(items) => list(items),
    }
}

fn list(items: Vec<ListItem>) -> AnyView {
    let is_numbered = items.first().is_some_and(|item| item.number.is_some());
    let items: Vec<_> = items.into_iter().map(point).collect();
    match is_numbered {
        true => view! { class = "w", <ol class="md md-list">{items}</ol> }.into_any(),
        false => view! { class = "w", <ul class="md md-list">{items}</ul> }.into_any(),
    }
}

fn point(
    ListItem {
        number,
        blocks: inside,
    }: ListItem,
) -> AnyView {
    view! { class = "w", <li class="md-point" value=number>{blocks(inside)}</li> }.into_any()
}

fn spans(spans: Vec<Span>) -> Vec<AnyView> {
    spans.into_iter().map(span).collect()
}

fn span(span: Span) -> AnyView {
    match span {
        Span::Text(text) => view! { <Words text/> }.into_any(),
        Span::Code(code) => view! { class = "w",
            <code class="md-word" dir="ltr">{in_short_runs(&code)}</code>
        }
        .into_any(),
        Span::Emphasis {
            strong: true,
            spans: inside,
        } => view! { class = "w", <strong class="md-strong">{spans(inside)}</strong> }.into_any(),
        Span::Emphasis { spans: inside, .. } => {
            view! { class = "w", <em class="md-em">{spans(inside)}</em> }.into_any()
        }
        Span::Link {
            written,
            words,
            address,
        } => match Link::parse(&address) {
            Some(link) => view! { <Named words link/> }.into_any(),
            // What may not be followed is shown as it was written.
            None => in_short_runs(&written).into_any(),
        },
    }
}

/// Words that lead somewhere, and where: the host behind them, unless they name it.
#[component]
fn Named(words: String, link: Link) -> impl IntoView {
    let Link { href, host, path } = link;
    let place = if host.is_empty() { path } else { host };
    let is_told = words == place || names_host(&words, &place);
    let place = (!is_told).then(|| {
        view! { class = "w",
            <span class="md-host">
                " ("
                <bdi dir="ltr">{in_short_runs(&place)}</bdi>
                ")"
            </span>
        }
        .into_any()
    });
    view! { class = "w",
        <a class="link" href=href target="_blank" rel="noopener noreferrer">
            {in_short_runs(&words)}
        </a>
        {place}
    }
}
