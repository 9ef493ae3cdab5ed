//! The widget as the loader mounts it: in a shadow root, from a configuration's text.

#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use gloo_timers::callback::Timeout;
use js_sys::{Array, Function, Object, Promise, Reflect};
use parlour::{Handle, MountOptions, mount};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Element, HtmlElement, ShadowRoot, ShadowRootInit, ShadowRootMode};

wasm_bindgen_test_configure!(run_in_browser);

const CONFIG: &str = r#"{
    "tenant": "acme",
    "server": {"dialect": "gms-v2", "url": "http://127.0.0.1:9", "service": "support"}
}"#;

/// The page's side: it notes what it is told, and keeps what carries out its calls.
const PAGE: &str = "
    root.told = [];
    return {
        emit: (name, detail) => {
            if (name === 'serve') root.carryOut = detail;
            else root.told.push({ name, detail });
        },
    };
";

/// Makes a call of the page and returns its promise.
const CALL: &str = "
    return new Promise((resolve, reject) => {
        root.carryOut({ command, args: JSON.parse(args), resolve, reject });
    }).then((value) => JSON.stringify(value) ?? '', (error) => {
        throw error.message + (error.fields ? ' ' + JSON.stringify(error.fields) : '');
    });
";

/// A page's shadow root with the widget in it; gone when dropped.
struct Stage {
    host: Element,
    root: ShadowRoot,
    handle: Option<Handle>,
}

impl Stage {
    fn new(config: &str) -> Result<Self, JsValue> {
        let window = web_sys::window().expect("a page");
        // What another test has filled in is kept for the tab.
        if let Ok(Some(storage)) = window.session_storage() {
            storage.clear()?;
        }
        let document = window.document().expect("a page");
        let host = document.create_element("div")?;
        document.body().expect("a body").append_child(&host)?;
        let root = host.attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))?;
        let options = Object::new();
        let set =
            |name: &str, value: &JsValue| Reflect::set(&options, &name.into(), value).map(drop);
        set("root", &root)?;
        set("config", &config.into())?;
        set("open", &false.into())?;
        set("focus", &false.into())?;
        set("framed", &false.into())?;
        set("locale", &"".into())?;
        set("base", &"https://chat.test/".into())?;
        set("live_key", &"chat-live:https://chat.test/".into())?;
        let network = "return { send: (request) => fetch(request), adds_headers: () => false }";
        set(
            "network",
            &Function::new_no_args(network).call0(&JsValue::NULL)?,
        )?;
        set("fatal", &Function::new_no_args(""))?;
        let page = Function::new_with_args("root", PAGE).call1(&JsValue::NULL, &root)?;
        set("emit", &Reflect::get(&page, &"emit".into())?)?;
        set("launcher", &JsValue::NULL)?;
        let mut stage = Self {
            host,
            root,
            handle: None,
        };
        stage.handle = Some(mount(options.unchecked_ref::<MountOptions>())?);
        Ok(stage)
    }

    fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let find = Reflect::get(&self.root, &"querySelectorAll".into()).expect("a method");
        let find: Function = find.dyn_into().expect("a method");
        let found = find.call1(&self.root, &selector.into());
        let found = Array::from(&found.expect("a selector"));
        found.iter().filter_map(|it| it.dyn_into().ok()).collect()
    }

    /// Waits until there is such an element; fails loudly after a while.
    async fn one(&self, selector: &str) -> HtmlElement {
        for _ in 0..400 {
            if let Some(found) = self.all(selector).into_iter().next() {
                return found;
            }
            pause().await;
        }
        panic!("nothing is {selector}");
    }

    /// Carries out a call of the page, whose arguments are JSON. Returns its result as JSON, or the error's message.
    async fn call(&self, command: &str, args: &str) -> Result<String, String> {
        self.handle.as_ref().expect("mounted").load();
        for _ in 0..400 {
            if Reflect::has(&self.root, &"carryOut".into()).expect("an object") {
                break;
            }
            pause().await;
        }
        let call = Function::new_with_args("root, command, args", CALL);
        let promise = call.call3(&JsValue::NULL, &self.root, &command.into(), &args.into());
        let promise: Promise = promise.expect("a promise").unchecked_into();
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        JsFuture::from(promise).await.map(text).map_err(text)
    }

    /// Lists the names of the events that the page was told.
    fn told(&self) -> Vec<String> {
        let told = Reflect::get(&self.root, &"told".into()).expect("a list");
        let name = |event: JsValue| Reflect::get(&event, &"name".into()).ok()?.as_string();
        Array::from(&told).iter().filter_map(name).collect()
    }

    fn value(&self, at: usize) -> String {
        let input = self.all("[part~=form] input").remove(at);
        input.unchecked_ref::<web_sys::HtmlInputElement>().value()
    }

    async fn open(&self) {
        self.one("[part~=launcher]").await.click();
        self.one("[data-panel=open] [part~=panel]").await;
    }
}

#[wasm_bindgen_test]
async fn pictures_are_looked_for_beside_the_loader() {
    let config = CONFIG.replacen('{', r#"{"theme": {"logo": "picture-1.svg"},"#, 1);
    let stage = Stage::new(&config).expect("a widget");
    let logo = stage.one("[part~=logo]").await;
    let src = logo.get_attribute("src");
    assert_eq!(src.as_deref(), Some("https://chat.test/picture-1.svg"));
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.handle = None;
        self.host.remove();
    }
}

/// Lets the browser do something else for a moment.
async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        Timeout::new(10, move || drop(resolve.call0(&JsValue::NULL))).forget();
    });
    JsFuture::from(promise).await.expect("a timer");
}

#[wasm_bindgen_test]
async fn a_click_on_the_launcher_opens_the_form() {
    let stage = Stage::new(CONFIG).expect("mounted");
    let launcher = stage.one("[part~=launcher]").await;
    assert_eq!(
        launcher.get_attribute("aria-expanded").as_deref(),
        Some("false")
    );
    stage.open().await;
    assert_eq!(
        launcher.get_attribute("aria-expanded").as_deref(),
        Some("true")
    );
    stage.one("[part~=form] [part~=submit]").await;
    assert_eq!(
        stage.all("[part~=form] input").len(),
        4,
        "first and last name, e-mail, subject"
    );
}

#[wasm_bindgen_test]
async fn it_may_go_as_soon_as_it_came() {
    // What traps in a task of its own is nobody's failure but the page's.
    let traps = Array::new();
    Reflect::set(&js_sys::global(), &"traps".into(), &traps).expect("set");
    let note = Function::new_with_args("event", "traps.push(event)");
    let window = web_sys::window().expect("a window");
    for event in ["error", "unhandledrejection"] {
        let listens = window.add_event_listener_with_callback(event, &note);
        listens.expect("listening");
    }
    for ticks in 0..8 {
        let mut stage = Stage::new(CONFIG).expect("mounted");
        for launcher in stage.all("[part~=launcher]") {
            launcher.click();
        }
        for _ in 0..ticks {
            let nothing = JsFuture::from(Promise::resolve(&JsValue::NULL));
            nothing.await.expect("resolved");
        }
        stage.handle = None;
        pause().await;
        assert_eq!(traps.length(), 0, "after {ticks} ticks");
    }
}

#[wasm_bindgen_test]
async fn a_missing_answer_is_reported_at_its_field_and_focused() {
    let stage = Stage::new(CONFIG).expect("mounted");
    stage.open().await;
    stage.one("[part~=submit]").await.click();
    let wrong = stage.one("[part~=form] input[aria-invalid=true]").await;
    let described = wrong
        .get_attribute("aria-describedby")
        .expect("a description");
    let error = stage.one("[part~=field] [part~=error]").await;
    assert!(
        described.split(' ').any(|id| id == error.id()),
        "{described} is not {}",
        error.id()
    );
    assert!(!error.text_content().unwrap_or_default().trim().is_empty());
    for _ in 0..400 {
        if stage
            .root
            .active_element()
            .is_some_and(|focused| focused == *wrong)
        {
            return;
        }
        pause().await;
    }
    panic!("the first wrong field was not focused");
}

#[wasm_bindgen_test]
async fn an_unreachable_server_leaves_the_answers_and_says_so() {
    let stage = Stage::new(CONFIG).expect("mounted");
    stage.open().await;
    stage.one("[part~=form] input").await;
    for (at, input) in stage.all("[part~=form] input").iter().enumerate().take(2) {
        let input: &web_sys::HtmlInputElement = input.unchecked_ref();
        input.set_value(if at == 0 { "Ada" } else { "Lovelace" });
        let typed = web_sys::Event::new("input").expect("an event");
        input.dispatch_event(&typed).expect("dispatched");
    }
    stage.one("[part~=submit]").await.click();
    let alert = stage.one(".form-alert").await;
    assert!(!alert.text_content().unwrap_or_default().trim().is_empty());
    let first = stage.one("[part~=form] input").await;
    assert_eq!(
        first.unchecked_ref::<web_sys::HtmlInputElement>().value(),
        "Ada"
    );
}

#[wasm_bindgen_test]
fn a_broken_configuration_is_refused_with_its_place() {
    let refused = Stage::new(r#"{"tenant": "acme"}"#).err().expect("refused");
    let message = String::from(refused.unchecked_ref::<js_sys::Error>().message());
    assert!(message.contains("server"), "{message}");
}

#[wasm_bindgen_test]
async fn unmounting_leaves_nothing_behind() {
    let stage = Stage::new(CONFIG).expect("mounted");
    let sheets = stage.root.adopted_style_sheets().length();
    assert!(sheets > 0, "the look comes as constructable style sheets");
    stage.open().await;
    let mut stage = stage;
    stage.handle = None;
    assert_eq!(stage.root.adopted_style_sheets().length(), 0);
    assert_eq!(stage.root.child_element_count(), 0);
}

/// Arabic, with letters that are written together with whatever follows them.
const ARABIC: &str = r#"{
    "tenant": "acme", "locale": "ar", "theme": {"font": "sans-serif"},
    "server": {"dialect": "gms-v2", "url": "http://127.0.0.1:9", "service": "support"},
    "texts": {"ar": {"form.optional": "ببب"}},
    "form": {"fields": [
        {"name": "nick", "role": "nickname", "required": true, "label": {"ar": "ببب"}},
        {"name": "subject", "role": "subject", "kind": "textarea", "label": {"ar": "ببب"}}
    ]}
}"#;

/// Calls a function of JavaScript with an element.
fn ask(element: &Element, body: &str) -> JsValue {
    let function = Function::new_with_args("element", body);
    function
        .call1(&JsValue::NULL, element)
        .expect("the function works")
}

#[wasm_bindgen_test]
async fn a_label_is_not_written_together_with_the_word_after_it() {
    let stage = Stage::new(ARABIC).expect("mounted");
    stage.open().await;
    stage.one("label .optional").await;
    let width = "const range = document.createRange(); range.selectNodeContents(element.firstChild); \
                 return range.getBoundingClientRect().width";
    let labels = stage.all("label");
    let [alone, beside] = [0, 1].map(|at| ask(&labels[at], width).as_f64().expect("a width"));
    // A letter that joins the next one is narrower than the last of a word.
    assert!(alone > 0.0 && beside == alone, "{beside} {alone}");
}

#[wasm_bindgen_test]
async fn the_caret_of_an_empty_field_stands_where_words_will_begin() {
    let stage = Stage::new(ARABIC).expect("mounted");
    stage.open().await;
    for field in ["input", "textarea"] {
        let field = stage.one(&["[part~=form] ", field].concat()).await;
        let style = "const style = getComputedStyle(element); return `${style.direction} ${style.unicodeBidi}`";
        let style = ask(&field, style).as_string().unwrap_or_default();
        // Browsers take an empty paragraph of its own direction (plaintext) for left to right.
        assert!(
            style.starts_with("rtl") && !style.ends_with("plaintext"),
            "{style}"
        );
    }
}

#[wasm_bindgen_test]
async fn the_page_is_told_that_the_panel_opens_and_closes() {
    let stage = Stage::new(CONFIG).expect("mounted");
    stage.open().await;
    stage.one("[part~=close]").await.click();
    assert_eq!(stage.told(), ["opened", "closed"]);
}

#[wasm_bindgen_test]
async fn the_page_fills_in_what_the_visitor_has_not() {
    let stage = Stage::new(CONFIG).expect("mounted");
    stage.open().await;
    let first = stage.one("[part~=form] input").await;
    let first: &web_sys::HtmlInputElement = first.unchecked_ref();
    first.set_value("Ada");
    let typed = web_sys::Event::new("input").expect("an event");
    first.dispatch_event(&typed).expect("dispatched");
    let filled = stage
        .call(
            "prefill",
            r#"[{"first-name": "Bot", "email": "a@shop.example"}]"#,
        )
        .await;
    assert_eq!(filled.as_deref(), Ok(""));
    assert_eq!(
        (stage.value(0), stage.value(2)),
        ("Ada".into(), "a@shop.example".into())
    );
    stage
        .call("prefill", r#"[{"email": "b@shop.example"}]"#)
        .await
        .expect("filled in");
    assert_eq!(
        stage.value(2),
        "b@shop.example",
        "the page may change its mind"
    );
    let refused = stage.call("prefill", r#"[{"shoeSize": "43"}]"#).await;
    let words = refused.expect_err("no such field");
    assert!(
        words.contains("shoeSize") && words.contains("lastName"),
        "{words}"
    );
}

#[wasm_bindgen_test]
async fn a_chat_without_the_form_needs_what_the_form_requires() {
    let stage = Stage::new(CONFIG).expect("mounted");
    let refused = stage.call("startChat", r#"[{"firstName": "Ada"}]"#).await;
    let words = refused.expect_err("something is missing");
    assert!(words.ends_with(r#"["lastName"]"#), "{words}");
    let person = r#"[{"firstName": "Ada", "lastName": "Lovelace", "email": "no address"}]"#;
    let words = stage.call("startChat", person).await.expect_err("wrong");
    assert!(words.ends_with(r#"["email"]"#), "{words}");
    // What is filled in counts, and nobody answers at that address.
    stage
        .call("prefill", r#"[{"lastName": "Lovelace"}]"#)
        .await
        .expect("filled in");
    let words = stage.call("startChat", r#"[{"firstName": "Ada"}]"#).await;
    assert_eq!(words, Err("startChat: refused: unreachable".into()));
    for _ in 0..400 {
        if stage.told() == ["error"] {
            return;
        }
        pause().await;
    }
    panic!("the page was told {:?}", stage.told());
}

#[wasm_bindgen_test]
async fn what_needs_a_chat_says_so() {
    let stage = Stage::new(CONFIG).expect("mounted");
    for (command, args) in [
        ("sendMessage", r#"["hello"]"#),
        ("endChat", "[]"),
        ("setNickname", r#"["Mia"]"#),
        ("pushUrl", r#"["https://shop.example/"]"#),
        ("customNotice", r#"[{"message": "hello"}]"#),
    ] {
        let words = stage.call(command, args).await.expect_err(command);
        assert_eq!(words, format!("{command}: there is no chat"));
    }
    let kept = stage.call("setUserData", r#"[{"cart": "3"}]"#).await;
    assert_eq!(kept.as_deref(), Ok(r#"{"isSent":false}"#));
    let state = stage.call("getState", "[]").await.expect("a state");
    assert!(state.contains(r#""phase":"idle""#), "{state}");
    assert_eq!(stage.call("getTranscript", "[]").await.as_deref(), Ok("[]"));
}

#[wasm_bindgen_test]
async fn another_language_keeps_what_is_filled_in() {
    let config = CONFIG.replacen('{', r#"{"texts": {"he": {"form.submit": "שלח"}},"#, 1);
    let mut stage = Stage::new(&config).expect("mounted");
    stage.open().await;
    stage
        .call("prefill", r#"[{"firstName": "Ada"}]"#)
        .await
        .expect("filled in");
    let handle = stage.handle.as_mut().expect("mounted");
    handle.set_locale("he".into(), JsValue::UNDEFINED);
    let root = stage.one(".root").await;
    assert_eq!((root.lang(), root.dir()), ("he".into(), "rtl".into()));
    stage.one("[data-panel=open] [part~=panel]").await;
    let submit = stage.one("[part~=submit]").await.text_content();
    assert_eq!(submit.as_deref(), Some("שלח"));
    assert_eq!(stage.value(0), "Ada");
    assert_eq!(stage.all(".app").len(), 1);
    let words = js_sys::JSON::parse(r#"{"form.submit": "開始"}"#).expect("an object");
    let handle = stage.handle.as_mut().expect("mounted");
    handle.set_locale("ja".into(), words);
    assert_eq!(stage.one(".root").await.lang(), "ja");
    let submit = stage.one("[part~=submit]").await.text_content();
    assert_eq!(submit.as_deref(), Some("開始"));
}

#[wasm_bindgen_test]
async fn the_gesture_for_going_back_closes_the_panel() {
    let stage = Stage::new(CONFIG).expect("mounted");
    stage.open().await;
    let panel = stage.one("[data-panel=open] [part~=panel]").await;
    let cancel = || {
        let init = web_sys::EventInit::new();
        init.set_bubbles(true);
        web_sys::Event::new_with_event_init_dict("cancel", &init).expect("an event")
    };
    // A picker of files has such an event as well.
    let field = stage.one("[part~=form] input").await;
    field.dispatch_event(&cancel()).expect("dispatched");
    pause().await;
    assert_eq!(stage.all("[data-panel=open]").len(), 1);
    panel.dispatch_event(&cancel()).expect("dispatched");
    stage.one("[data-panel=closed]").await;
}

#[wasm_bindgen_test]
async fn the_panel_keeps_to_what_a_software_keyboard_leaves_free() {
    let stage = Stage::new(CONFIG).expect("mounted");
    let root = stage.one(".root").await;
    let space = || {
        let style = root.style();
        let value = |name| style.get_property_value(name).expect("a style");
        (value("--view-top"), value("--view-height"))
    };
    let becomes = |height: u32, top: u32, scale: u32| {
        let script = "
            const values = { height, offsetTop: top, scale };
            for (const [name, value] of Object.entries(values)) {
                Object.defineProperty(visualViewport, name, { value, configurable: true });
            }
            visualViewport.dispatchEvent(new Event('resize'));";
        Function::new_with_args("height, top, scale", script)
            .call3(&JsValue::NULL, &height.into(), &top.into(), &scale.into())
            .expect("set");
    };
    becomes(300, 40, 1);
    assert_eq!(space(), ("40px".into(), "300px".into()));
    // Who zooms in wants to look closer, not a smaller panel.
    becomes(150, 20, 2);
    assert_eq!(space(), ("40px".into(), "300px".into()));
    let forget =
        "for (const name of ['height', 'offsetTop', 'scale']) delete visualViewport[name];";
    Function::new_no_args(forget)
        .call0(&JsValue::NULL)
        .expect("put back");
}
