use crate::Contact;

use super::address::wrong_link;
use super::judge::Judge;

pub(super) fn judge(contact: &Contact, judge: &mut Judge<'_>) {
    if let Some(email) = &contact.email
        && !is_email(email)
    {
        let message =
            format!("expected an e-mail address such as help@shop.example, found \"{email}\"");
        judge.mistake("contact.email", message);
    }
    if let Some(phone) = &contact.phone
        && !is_phone(phone)
    {
        let message =
            format!("expected a telephone number such as +44 20 7946 0000, found \"{phone}\"");
        judge.mistake("contact.phone", message);
    }
    if let Some(message) = contact.url.as_deref().and_then(wrong_link) {
        judge.mistake("contact.url", message);
    }
}

/// Tells whether browsers would take it (HTML standard, "valid e-mail address").
fn is_email(email: &str) -> bool {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&b);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && name.bytes().all(in_name) && host.split('.').all(label)
    })
}

/// Tells whether it can be dialled: digits, 15 at most (E.164), with what may stand between them in an address
/// (RFC 3966, "visual separators"), and blanks.
fn is_phone(phone: &str) -> bool {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let rest = phone.strip_prefix('+').unwrap_or(phone);
    let known = |c: char| c.is_ascii_digit() || " -.()".contains(c);
    (3..=15).contains(&digits) && rest.chars().all(known) && rest.trim() == rest
}
