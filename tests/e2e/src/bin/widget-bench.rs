//! Measures the time from a click on the launcher to a usable form: `widget-bench RUNS URL NAME…`.
//! Run by `cargo xtask bench widget`, which serves a page for each name below the URL.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use parlour_e2e::{Browser, Engine, Installed, guard, until};
use serde_json::{Value, json};

/// How many times slower than this machine the visitor's is.
const CPU_SLOWDOWN: u32 = 4;

/// The visitor's line, in bytes a second: 4 Mbit/s.
const BYTES_PER_SECOND: u32 = 500_000;

/// How long the pointer rests on the launcher before a click that follows hovering.
const HOVER: Duration = Duration::from_millis(300);

/// What is measured for each page.
const CASES: [(&str, Option<Duration>); 2] = [("click", None), ("hover, click", Some(HOVER))];

/// Where the launcher is, once it is painted.
const LAUNCHER: &str = "
    const host = [...document.documentElement.children].find((element) => element.shadowRoot);
    if (document.readyState !== 'complete' || !host) return null;
    const {x, y, width, height} = host.shadowRoot.querySelector('.launcher').getBoundingClientRect();
    return [Math.round(x + width / 2), Math.round(y + height / 2)];";

fn main() -> ExitCode {
    if let Some(code) = guard::serve_if_asked() {
        return code;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let [runs, url, names @ ..] = arguments.as_slice() else {
        bail!("usage: widget-bench RUNS URL NAME…");
    };
    let runs: usize = runs.parse().context("RUNS is a number")?;
    let variable = |name: &str| env::var_os(name).with_context(|| format!("{name} is not set"));
    let installed = Installed {
        browser: variable("PARLOUR_CHROMIUM")?.into(),
        driver: variable("PARLOUR_CHROMIUM_DRIVER")?.into(),
    };
    let folder = PathBuf::from(variable("PARLOUR_E2E_OUT")?).join("widget-bench");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut samples = vec![[const { Vec::new() }; CASES.len()]; names.len()];
    for _ in 0..runs {
        // In turn, so that whatever else the machine does meets all of them alike.
        for (case, (_, hover)) in CASES.into_iter().enumerate() {
            for (name, samples) in names.iter().zip(&mut samples) {
                let page = format!("{url}{name}/");
                let took = runtime.block_on(measure(&installed, &folder, &page, hover));
                samples[case].push(took.with_context(|| page)?);
            }
        }
    }
    report(names, samples)?;
    fs::remove_dir_all(folder)?;
    Ok(())
}

/// Clicks once, in a browser that has seen nothing yet. Returns milliseconds.
async fn measure(
    installed: &Installed,
    folder: &PathBuf,
    page: &str,
    hover: Option<Duration>,
) -> Result<f64> {
    // It may not be there yet.
    let _ = fs::remove_dir_all(folder);
    let browser = Browser::start(Engine::Chromium, installed, folder).await?;
    browser.open(page).await?;
    let place = until("the launcher", async || {
        let place = browser.run(LAUNCHER, &[]).await?;
        Ok(place.is_array().then_some(place))
    })
    .await?;
    let [x, y] = [&place[0], &place[1]].map(|value| value.as_i64().unwrap_or_default());
    slow_down(&browser).await?;
    let actions = || -> Result<_> {
        let driver = browser.driver()?;
        Ok(driver.action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO)))
    };
    match hover {
        None => actions()?.move_to(x, y).click().perform().await?,
        Some(time) => {
            actions()?.move_to(x, y).perform().await?;
            tokio::time::sleep(time).await;
            actions()?.click().perform().await?;
        }
    }
    let took = browser.run_async("return await window.took;", &[]).await?;
    browser.close().await;
    took.as_f64().context("the page measured nothing")
}

async fn slow_down(browser: &Browser) -> Result<()> {
    let line = json!({
        "offline": false,
        "latency": 0,
        "downloadThroughput": BYTES_PER_SECOND,
        "uploadThroughput": BYTES_PER_SECOND,
    });
    let commands: [(&str, Value); 3] = [
        ("Network.enable", json!({})),
        ("Network.emulateNetworkConditions", line),
        (
            "Emulation.setCPUThrottlingRate",
            json!({"rate": CPU_SLOWDOWN}),
        ),
    ];
    for (command, parameters) in commands {
        browser
            .driver()?
            .cdp()
            .send_raw(command, parameters)
            .await?;
    }
    Ok(())
}

/// Prints medians, and how they compare with those of the first page and of the last.
fn report(names: &[String], samples: Vec<[Vec<f64>; CASES.len()]>) -> Result<()> {
    let medians: Vec<_> = samples.into_iter().map(|cases| cases.map(median)).collect();
    let mut out = io::stdout().lock();
    write!(out, "{:16}", "median, ms")?;
    for (case, _) in CASES {
        write!(out, "{case:>14}")?;
    }
    writeln!(out)?;
    for (name, medians) in names.iter().zip(&medians) {
        write!(out, "{name:16}")?;
        for median in medians {
            write!(out, "{median:>14.0}")?;
        }
        writeln!(out)?;
    }
    let place = |wanted: &str| names.iter().position(|name| name == wanted);
    for other in ["empty", "against"] {
        let (Some(own), Some(at)) = (place("this"), place(other)) else {
            continue;
        };
        write!(out, "{:16}", format!("this / {other}"))?;
        for (own, other) in medians[own].iter().zip(&medians[at]) {
            write!(out, "{:>12.2} ×", own / other)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn median(mut samples: Vec<f64>) -> f64 {
    samples.sort_by(f64::total_cmp);
    samples.get(samples.len() / 2).copied().unwrap_or(f64::NAN)
}
