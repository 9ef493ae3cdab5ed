use std::sync::Arc;

use crate::components::picture::Picture;
use crate::context::context;
use leptos::prelude::*;
use parlour_config::Config;

/// The picture beside agents' names, if the tenant has one.
#[component]
pub(in crate::components) fn Avatar() -> impl IntoView {
    let picture = context::<Arc<Config>>().theme.avatar.clone();
    picture.map(|src| view! { <Picture src class="avatar"/> }.into_any())
}
