//! Waiting: for a condition, never for a time.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

/// How long a condition may take to come true. Only a failing test ever waits that long.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often it is looked at.
const EVERY: Duration = Duration::from_millis(40);

/// Waits until `probe` finds what it looks for.
///
/// # Errors
///
/// When it does not within 20 s; tells `what` was waited for and what `probe` said last.
pub async fn until<T>(what: &str, mut probe: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        let last = match probe().await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        if Instant::now() >= end {
            let waited = format!("waited in vain for {what}");
            return Err(match last {
                Some(error) => error.context(waited),
                None => anyhow!(waited),
            });
        }
        tokio::time::sleep(EVERY).await;
    }
}
