//! Domains whose sub-domains share something.

/// Labels that stand before a country's: `co.uk` belongs to nobody.
const SECOND_LEVEL: [&str; 13] = [
    "ac", "co", "com", "edu", "gob", "gov", "go", "gv", "mil", "ne", "net", "or", "org",
];

/// Hosts under which many sites are, those of the public suffix list that a shop may be at.
const HOSTERS: [&str; 22] = [
    "azurewebsites.net",
    "blogspot.com",
    "cloudfront.net",
    "firebaseapp.com",
    "fly.dev",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "myshopify.com",
    "netlify.app",
    "ngrok.io",
    "onrender.com",
    "pages.dev",
    "squarespace.com",
    "surge.sh",
    "vercel.app",
    "web.app",
    "webflow.io",
    "weebly.com",
    "wixsite.com",
    "wordpress.com",
    "workers.dev",
];

/// Tells whether the sub-domains of a host belong to many sites, as far as that can be known without the public suffix
/// list.
pub(super) fn is_shared(host: &str) -> bool {
    let labels: Vec<&str> = host.split('.').collect();
    match labels[..] {
        [_] => true,
        [second, top] => {
            let is_country = top.len() == 2 && SECOND_LEVEL.contains(&second);
            is_country || HOSTERS.contains(&host)
        }
        _ => HOSTERS.contains(&host),
    }
}

/// Says what is wrong with a domain, as cookies name it.
pub(super) fn wrong(domain: &str) -> Option<String> {
    let expected = "expected a domain such as shop.example";
    let is_label = |label: &str| {
        let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        !label.is_empty()
            && label.bytes().all(good)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let is_number = |label: &str| label.bytes().all(|b| b.is_ascii_digit());
    if !domain.split('.').all(is_label) || domain.rsplit('.').next().is_some_and(is_number) {
        return Some(format!(
            "{expected}, in lower-case letters and without scheme, port and dot before it, found \"{domain}\""
        ));
    }
    is_shared(domain)
        .then(|| format!("{expected}: sites of others have a host of \"{domain}\", too"))
}
