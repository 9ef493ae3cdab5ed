//! Packages a tenant's files from the repository's source.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::slice;

use anyhow::{Context as _, Result, bail};
use parlour_packager::scripts::{
    self, ContextValues, Digests, EarlyValues, ElementValues, FRAME_PAGE, FallbackValues, FileRef,
    FramedFiles, FramedValues, LoaderFiles, LoaderValues, MessageValues, MountFiles, MountValues,
    Script, WordsValues, words_files,
};
use parlour_packager::{Assets, Instead, ModuleFiles, Package, Tenant, check_traces};

use crate::setup;
use crate::source;
use crate::widget::{self, Flavour, Style};
use crate::workspace::Workspace;

/// What is packaged.
#[derive(Debug, Clone)]
pub(crate) struct Order<'a> {
    /// The tenant, a file name of `tenants/` without its ending.
    pub(crate) tenant: &'a str,
    /// What replaces what the tenant's file says.
    pub(crate) instead: Instead<'a>,
    /// How the module is compiled.
    pub(crate) flavour: Flavour,
    /// The address of the folder that the files will be hosted in.
    pub(crate) assets_url: Option<&'a str>,
}

/// Builds, assembles and compresses everything that one tenant's site hosts.
pub(crate) fn assemble(workspace: &Workspace, order: &Order<'_>) -> Result<Package> {
    let mut made = None;
    assemble_each(workspace, slice::from_ref(order), |_, package| {
        made = Some(package);
        Ok(())
    })?;
    made.context("nothing was packaged")
}

/// Makes several packages, of the same flavour, and hands each to `done`. Each dialect is built once.
pub(crate) fn assemble_each(
    workspace: &Workspace,
    orders: &[Order<'_>],
    mut done: impl FnMut(&Order<'_>, Package) -> Result<()>,
) -> Result<()> {
    // First: a mistake in a tenant's file should not cost a build.
    let tenants = read_all(workspace, orders)?;
    let mut modules: BTreeMap<&str, ModuleFiles> = BTreeMap::new();
    for (_, tenant, order) in &tenants {
        let dialect = tenant.config.server.dialect;
        if !modules.contains_key(dialect.name()) {
            let module = widget::build(workspace, order.flavour, dialect)?;
            modules.insert(dialect.name(), ModuleFiles::of(module)?);
        }
    }
    let release = source::release(workspace)?;
    let traces = traces(workspace)?;
    for (assets, tenant, order) in &tenants {
        let module = &modules[tenant.config.server.dialect.name()];
        let package = parlour_packager::assemble(&release, tenant, module, assets)?;
        check_traces(package.contents(), &traces)?;
        done(order, package)?;
    }
    Ok(())
}

/// Reads the tenants of all orders, and reports the mistakes of all.
fn read_all<'o, 'a>(
    workspace: &Workspace,
    orders: &'o [Order<'a>],
) -> Result<Vec<(Assets, Tenant, &'o Order<'a>)>> {
    let mut read = Vec::new();
    let mut mistakes = Vec::new();
    for order in orders {
        match source::tenant(workspace, order.tenant, order.instead) {
            Ok(tenant) => {
                source::print_warnings(&tenant);
                let assets = match order.assets_url {
                    Some(url) => Assets::at(url).context("--assets-url")?,
                    None => Assets::example(&tenant.config.tenant),
                };
                read.push((assets, tenant, order));
            }
            Err(error) => mistakes.push(format!("{error:#}")),
        }
    }
    match &mistakes[..] {
        [] => Ok(read),
        mistakes => bail!("{}", mistakes.join("\n")),
    }
}

/// Writes the scripts and the default tenant's configuration under plain names, beside what trunk
/// has built. Without a server's address the chat talks to the page's origin: trunk's proxy.
pub(crate) fn write_for_development(workspace: &Workspace, folder: &Path) -> Result<()> {
    let page = Instead {
        server_url: Some(""),
        dialect: None,
    };
    let tenant = source::tenant(workspace, "default", page)?;
    source::print_warnings(&tenant);
    let bundled = source::scripts(workspace, Style::Readable)?;
    let glue = || FileRef::named("widget.js");
    let wasm = || FileRef::named("widget_bg.wasm");
    let config = || FileRef::named("config.json");
    let named = |script: Script| FileRef::named(script.file_name());
    let message = MessageValues::new(&tenant);
    let early = EarlyValues::new(&tenant, message.as_ref().map(|_| named(Script::Message)));
    let files = LoaderFiles {
        mount: named(Script::Mount),
        // As trunk names them.
        glue: glue(),
        wasm: wasm(),
        config: config(),
        early: early.as_ref().map(|_| named(Script::Early)),
    };
    let languages = words_files(&tenant)?;
    let references = languages.iter().map(|(locale, _)| {
        let file = FileRef::named(&format!("{locale}.json"));
        ((*locale).to_owned(), file)
    });
    let words = WordsValues::new(&tenant, references.collect());
    let words_file = || words.as_ref().map(|_| named(Script::Words));
    let framed = FramedFiles {
        glue: glue(),
        wasm: wasm(),
        config: config(),
        api: named(Script::Api),
        words: words_file(),
    };
    let context = ContextValues::new(&tenant);
    let mount = MountValues::new(
        &tenant,
        env!("CARGO_PKG_VERSION"),
        Digests::default(),
        MountFiles {
            api: named(Script::Api),
            fallback: named(Script::Fallback),
            context: context.as_ref().map(|_| named(Script::Context)),
            words: words_file(),
        },
    );
    let loader = LoaderValues::new(&tenant, files, None);
    let fallback = FallbackValues::new(&tenant);
    let framed = FramedValues::new(&tenant, framed);
    let element = ElementValues::new(&tenant);
    let filled = [
        (Script::Loader, bundled.fill(Script::Loader, &loader)?),
        (Script::Early, bundled.fill(Script::Early, &early)?),
        (Script::Mount, bundled.fill(Script::Mount, &mount)?),
        (Script::Message, bundled.fill(Script::Message, &message)?),
        (Script::Api, bundled.text(Script::Api).to_owned()),
        (Script::Context, bundled.fill(Script::Context, &context)?),
        (Script::Fallback, bundled.fill(Script::Fallback, &fallback)?),
        (Script::Framed, bundled.fill(Script::Framed, &framed)?),
        (Script::Words, bundled.fill(Script::Words, &words)?),
        (Script::Element, bundled.fill(Script::Element, &element)?),
    ];
    let put = |name: &str, bytes: &[u8]| {
        fs::write(folder.join(name), bytes)
            .with_context(|| format!("cannot write to {}", folder.display()))
    };
    for (script, text) in filled {
        put(script.file_name(), text.as_bytes())?;
    }
    let page = scripts::frame_page(&tenant, &named(Script::Framed));
    put(FRAME_PAGE, page.as_bytes())?;
    put("config.json", tenant.json.as_bytes())?;
    for (locale, words) in &languages {
        put(&format!("{locale}.json"), words.as_bytes())?;
    }
    for picture in &tenant.pictures {
        put(&picture.name, &picture.bytes)?;
    }
    Ok(())
}

/// Lists what must not be in a file of a package: the folders of whoever builds it.
pub(crate) fn traces(workspace: &Workspace) -> Result<Vec<String>> {
    let homes = [env::var_os("HOME"), env::var_os("USERPROFILE")]
        .into_iter()
        .flatten();
    let folders = homes.map(Into::into).chain(widget::cargo_home()).chain([
        workspace.root().to_path_buf(),
        setup::sysroot(workspace)?.into(),
    ]);
    // A folder as short as `/` or `/root` may stand for something else.
    let folders = folders.map(|folder| folder.to_string_lossy().into_owned());
    Ok(folders
        .filter(|folder| folder.matches(['/', '\\']).count() > 1)
        .collect())
}
