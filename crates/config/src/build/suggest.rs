/// Finds the candidate somebody most likely meant, if one is near enough to be worth a question.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = plain(word);
    let longest_way = (word.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &plain(candidate)), candidate))
        .filter(|(way, _)| *way <= longest_way)
        .min_by_key(|(way, _)| *way)
        .map(|(_, candidate)| candidate)
}

/// Returns a word without its case and without what joins its parts: people mix these up.
pub(super) fn plain(word: &str) -> String {
    word.chars()
        .take(64)
        .filter(|c| !"-_ ".contains(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// Counts insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    rows[0] = (0..=b.len()).collect();
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_another_word_is_not() {
        let keys = ["service", "server", "user_data", "url", "credentials"];
        for (word, expected) in [
            ("servise", Some("service")),
            ("userData", Some("user_data")),
            ("user-data", Some("user_data")),
            ("ulr", Some("url")),
            ("credentails", Some("credentials")),
            ("banana", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, keys), expected, "{word}");
        }
    }
}
