use std::sync::Arc;

use js_sys::Function;
use leptos::mount::{UnmountHandle, mount_to_renderer};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use parlour_config::{Config, Corner};
use wasm_bindgen::prelude::*;
use web_sys::{HtmlButtonElement, HtmlElement, ShadowRoot};

use crate::api::ApiOptions;
use crate::components::{App, Extras, effect, extras};
use crate::driver::{Driver, Network};
use crate::i18n::{Texts, is_right_to_left};
use crate::store::Store;

use super::cover::CoverWatch;
use super::panic::Watch;
use super::scheme::SchemeWatch;
use super::styles::Styles;
use super::viewport::ViewportWatch;

#[wasm_bindgen]
extern "C" {
    /// Where and how to mount: an object that the loader makes.
    #[derive(Debug)]
    pub type MountOptions;

    /// Gets the shadow root to mount into.
    #[wasm_bindgen(method, getter)]
    pub fn root(this: &MountOptions) -> ShadowRoot;

    /// Gets the tenant's configuration, as JSON text.
    #[wasm_bindgen(method, getter)]
    pub fn config(this: &MountOptions) -> String;

    /// Tells whether the panel opens at once.
    #[wasm_bindgen(method, getter)]
    pub fn open(this: &MountOptions) -> bool;

    /// Tells whether the focus goes into the open panel: the visitor has asked for it.
    #[wasm_bindgen(method, getter)]
    pub fn focus(this: &MountOptions) -> bool;

    /// Tells whether the widget has a page of its own in a frame, which it fills.
    #[wasm_bindgen(method, getter)]
    pub fn framed(this: &MountOptions) -> bool;

    /// Gets the language that the scripts have chosen.
    #[wasm_bindgen(method, getter)]
    pub fn locale(this: &MountOptions) -> String;

    /// Gets the words of that language by their keys, where they come in a file of their own: an object, or nothing.
    #[wasm_bindgen(method, getter)]
    pub fn words(this: &MountOptions) -> JsValue;

    /// Gets the address of the folder with the loader's files, with a slash at its end.
    #[wasm_bindgen(method, getter)]
    pub fn base(this: &MountOptions) -> String;

    /// Gets the storage key of the mark that says that there is a chat to resume.
    #[wasm_bindgen(method, getter)]
    pub fn live_key(this: &MountOptions) -> String;

    /// Gets the way of all requests to the chat server.
    #[wasm_bindgen(method, getter)]
    pub fn network(this: &MountOptions) -> Network;

    /// Gets what tells the page of an event: a function of its name and detail. The detail of `serve` is what carries
    /// out the page's calls, or nothing where it could not be loaded.
    #[wasm_bindgen(method, getter)]
    pub fn emit(this: &MountOptions) -> Function;

    /// Gets what to call, with a message for the console, when the module dies.
    #[wasm_bindgen(method, getter)]
    pub fn fatal(this: &MountOptions) -> Function;

    /// Gets the launcher that the loader painted, to be removed once ours stands in its place.
    #[wasm_bindgen(method, getter)]
    pub fn launcher(this: &MountOptions) -> Option<HtmlButtonElement>;
}

/// Mounts a widget.
///
/// # Errors
///
/// Returns an `Error` for the console if the configuration is broken or the browser lacks
/// constructable style sheets. Nothing has been changed then.
#[wasm_bindgen]
pub fn mount(options: &MountOptions) -> Result<Handle, JsValue> {
    let mut config = Config::from_json(&options.config())
        .map_err(|error| js_sys::Error::new(&error.in_a_line()))?;
    let theme = &mut config.theme;
    for picture in [&mut theme.logo, &mut theme.avatar].into_iter().flatten() {
        picture.insert_str(0, &options.base());
    }
    let instance = Instance::mount(Arc::new(config), options)?;
    Ok(Handle {
        instance: Some(instance),
    })
}

/// The loader's handle on a mounted widget.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Handle {
    instance: Option<Instance>,
}

#[wasm_bindgen]
impl Handle {
    /// Opens the panel and puts the focus into it.
    pub fn open(&self) {
        self.set_open(true);
    }

    /// Closes the panel.
    pub fn close(&self) {
        self.set_open(false);
    }

    /// Loads what carries out the page's calls, unless it is there: the event `serve` hands it over.
    pub fn load(&self) {
        if let Some(instance) = &self.instance {
            instance.extras.load();
        }
    }

    /// Shows the widget in another language, with its words as [`MountOptions::words`] has them.
    #[wasm_bindgen(js_name = setLocale)]
    pub fn set_locale(&mut self, locale: String, words: JsValue) {
        if let Some(instance) = &mut self.instance {
            instance.set_locale(locale, words);
        }
    }

    /// Takes the widget off the page. The chat goes on at the server and can be resumed. A second
    /// call does nothing.
    pub fn unmount(&mut self) {
        self.instance = None;
    }

    fn set_open(&self, open: bool) {
        if let Some(instance) = &self.instance {
            instance.store.set_open(open);
        }
    }
}

/// A mounted widget. Fields are dropped in their order: the view before what it shows.
struct Instance {
    view: Option<View>,
    _driver: Driver,
    _scheme: SchemeWatch,
    _viewport: ViewportWatch,
    _styles: Styles,
    _watch: Watch,
    element: Wrapper,
    store: Store,
    extras: Extras,
    config: Arc<Config>,
    /// The root, where the panel may cover the window.
    root: Option<ShadowRoot>,
    owner: Owner,
}

/// What is shown, in one language.
struct View {
    _cover: Option<CoverWatch>,
    _handle: UnmountHandle<AnyViewState>,
}

impl Instance {
    fn mount(config: Arc<Config>, options: &MountOptions) -> Result<Self, JsValue> {
        let root = options.root();
        let styles = Styles::adopt(&root, &config.theme)?;
        let texts = texts(&config, options.locale(), options.words());
        let element = Wrapper::new(&config)?;
        let owner = Owner::new();
        let store = owner.with(Store::new);
        store.connect_page(options.emit());
        let driver = Driver::start(&config, &options.live_key(), options.network(), store);
        let scheme = config.theme.scheme;
        let base = styles.base();
        // A panel that opens before there is a view leaves the focus with the page: so after a reload, when
        // the panel is as it was left.
        if !options.focus() && (driver.was_panel_open() || options.open()) {
            store.set_open(true);
        }
        let extras = owner.with(extras);
        let mut instance = Self {
            view: None,
            _driver: driver,
            _scheme: SchemeWatch::new(&element.0, scheme),
            _viewport: ViewportWatch::new(&element.0),
            _watch: Watch::new(options.fatal()),
            store,
            extras,
            config: Arc::clone(&config),
            // A frame covers nothing by itself: whoever holds it knows.
            root: (!options.framed()).then(|| root.clone()),
            owner,
            element,
            _styles: styles,
        };
        instance.draw(texts);
        if options.focus() {
            store.set_open(true);
        }
        root.append_child(&instance.element.0)?;
        replace_painted(options.launcher(), &instance.element.0);
        instance.owner.with(|| {
            effect(move || match extras.loaded() {
                Some(views) => {
                    base.add(views.styles);
                    (views.serve)(ApiOptions {
                        store,
                        config: Arc::clone(&config),
                        root: root.clone(),
                        has_started: extras.has_started,
                    });
                }
                None if extras.has_failed() => store.emit("serve", &JsValue::UNDEFINED),
                None => {}
            });
        });
        Ok(instance)
    }

    fn set_locale(&mut self, locale: String, words: JsValue) {
        // Before the next one, which would find its panel.
        self.view = None;
        self.draw(texts(&self.config, locale, words));
    }

    fn draw(&mut self, texts: Texts) {
        let Self {
            store,
            extras,
            config,
            element: Wrapper(element),
            root,
            ..
        } = self;
        let (store, extras, config) = (*store, *extras, Arc::clone(config));
        element.set_lang(texts.locale());
        element.set_dir(if is_right_to_left(texts.locale()) {
            "rtl"
        } else {
            "ltr"
        });
        self.view = Some(self.owner.with(|| {
            View {
                _handle: mount_to_renderer(&*element, move || {
                    view! { <App store extras config texts/> }.into_any()
                }),
                _cover: root
                    .as_ref()
                    .map(|root| CoverWatch::new(element, root, store)),
            }
        }));
    }
}

impl std::fmt::Debug for Instance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Instance").finish_non_exhaustive()
    }
}

/// The element that everything else is inside; gone when dropped.
struct Wrapper(HtmlElement);

impl Wrapper {
    fn new(config: &Config) -> Result<Self, JsValue> {
        let document = web_sys::window().and_then(|window| window.document());
        let element: HtmlElement = document
            .ok_or(JsValue::NULL)?
            .create_element("div")?
            .unchecked_into();
        element.set_class_name("root");
        let launcher = &config.launcher;
        element.set_attribute("data-corner", corner(launcher.corner))?;
        for (property, offset) in [
            ("--offset-x", launcher.offset.x),
            ("--offset-y", launcher.offset.y),
        ] {
            element
                .style()
                .set_property(property, &format!("{offset}px"))?;
        }
        Ok(Self(element))
    }
}

impl Drop for Wrapper {
    fn drop(&mut self) {
        self.0.remove();
    }
}

fn corner(corner: Corner) -> &'static str {
    match corner {
        Corner::BottomRight => "bottom-right",
        Corner::BottomLeft => "bottom-left",
        Corner::TopRight => "top-right",
        Corner::TopLeft => "top-left",
    }
}

/// Returns the texts of a language and, where there are no words for it, of the tenant's.
fn texts(config: &Arc<Config>, locale: String, words: JsValue) -> Texts {
    let wanted = [Some(locale.as_str()), config.locale.as_deref()];
    Texts::new(config, wanted.into_iter().flatten(), words)
}

/// Puts our launcher in the place of the painted one, the focus included.
fn replace_painted(painted: Option<HtmlButtonElement>, wrapper: &HtmlElement) {
    let Some(painted) = painted else { return };
    let focused = painted.matches(":focus").unwrap_or(false);
    let own = wrapper.query_selector(".launcher").ok().flatten();
    if let Some(own) = own
        .and_then(|own| own.dyn_into::<HtmlElement>().ok())
        .filter(|_| focused)
    {
        _ = own.focus();
    }
    // Last, so that the focus goes from one to the other and is nowhere else in between.
    painted.remove();
}
