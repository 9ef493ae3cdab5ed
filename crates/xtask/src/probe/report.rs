//! What is printed: a line a dialect, then what to write.

use std::fmt;

use parlour_config::{Credentials, Dialect, Server};

use super::finding::{Remark, Row, Verdict};

/// Which dialect is the better guess where several answer: polled before pushed, which the operator must have
/// switched on, and the vendor's deprecated one after the newer.
const PREFERRED: [Dialect; 5] = [
    Dialect::GmsV2,
    Dialect::GmsV1,
    Dialect::Gws,
    Dialect::GmsV2Cometd,
    Dialect::GmsV1Cometd,
];

/// What differs only in whether the news are pushed: polled first.
const TWINS: [(Dialect, Dialect); 2] = [
    (Dialect::GmsV2, Dialect::GmsV2Cometd),
    (Dialect::GmsV1, Dialect::GmsV1Cometd),
];

/// Everything that is to be said.
pub(crate) struct Report<'a> {
    /// The tenant's file, as it is shown.
    pub(crate) file: &'a str,
    /// What it says, with the address that was asked.
    pub(crate) server: &'a Server,
    /// What was found, dialect by dialect.
    pub(crate) rows: &'a [Row],
}

impl Report<'_> {
    /// Tells whether the tenant's own dialect is there.
    pub(crate) fn own_answers(&self) -> bool {
        self.answers(self.server.dialect)
    }

    fn answers(&self, dialect: Dialect) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.dialect == dialect && row.verdict == Verdict::Answers)
    }

    /// Returns the dialect that is most probably right, if any answers. The tenant's own counts most, then what differs
    /// from it only in being pushed or not.
    fn likely(&self) -> Option<Dialect> {
        let own = self.server.dialect;
        let wishes = [own, twin(own)].into_iter().chain(PREFERRED);
        wishes.into_iter().find(|dialect| self.answers(*dialect))
    }

    fn remarked(&self, remark: Remark) -> bool {
        self.rows.iter().any(|row| row.remark == Some(remark))
    }

    /// Says which dialect is right, and what to write.
    fn verdict(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let own = self.server.dialect;
        match self.likely() {
            Some(likely) if likely == own => {
                writeln!(
                    f,
                    "The tenant's file says {}, and that answers.",
                    own.name()
                )
            }
            Some(likely) => {
                let (own, name) = (own.name(), likely.name());
                writeln!(f, "The tenant's file says {own}; likely right: {name}.")?;
                writeln!(
                    f,
                    "Write dialect = \"{name}\" under [server] in {}.",
                    self.file
                )?;
                self.what_else_to_write(likely, f)
            }
            None => {
                let file = own.name();
                let unsure = self
                    .rows
                    .iter()
                    .any(|row| row.verdict == Verdict::CannotTell);
                let rest = match unsure {
                    true => "which is right cannot be told from these answers",
                    false => "none of the APIs is there",
                };
                writeln!(f, "The tenant's file says {file}; {rest}.")?;
                writeln!(
                    f,
                    "The address, a proxy's paths or the service's name may be wrong, too: some servers answer 404 for a \
                     service that they do not know."
                )
            }
        }
    }

    fn what_else_to_write(&self, dialect: Dialect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if dialect.is_pushed() && self.server.credentials == Credentials::Omit {
            writeln!(f, "It needs credentials = \"include\" there, too.")?;
        }
        let has = |wanted: &str| {
            let mut names = self.server.headers.keys();
            names.any(|name| name.eq_ignore_ascii_case(wanted))
        };
        if dialect == Dialect::Gws && !has("apikey") && !has("ContactCenterId") {
            writeln!(
                f,
                "It needs apikey or ContactCenterId under [server.headers], too: the operator has it."
            )?;
        }
        Ok(())
    }

    /// Says what several answers, and answers with a condition, mean.
    fn remarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (polled, pushed) in TWINS {
            let likely = self.likely();
            let asked = likely == Some(polled) || likely == Some(pushed);
            if asked && self.answers(polled) && self.answers(pushed) {
                let (polled, pushed) = (polled.name(), pushed.name());
                writeln!(
                    f,
                    "Both {polled} and {pushed} may do: {polled} is preferred, unless the operator has switched on \
                     notification mode."
                )?;
            }
        }
        if self.answers(Dialect::GmsV2) && self.answers(Dialect::GmsV1) {
            writeln!(
                f,
                "Of gms-v2 and gms-v1 the newer is preferred, if the operator has a chat service for it."
            )?;
        }
        if self.remarked(Remark::UnknownService) {
            let service = &self.server.service;
            writeln!(
                f,
                "gms-v2 is there, but knows no service `{service}`: the operator has the name for server.service."
            )?;
        }
        if self.remarked(Remark::RefusedHeaders) {
            writeln!(
                f,
                "gws is there, but wants other headers: the operator has apikey or ContactCenterId for [server.headers]."
            )?;
        }
        if self.remarked(Remark::Redirected) {
            writeln!(
                f,
                "Redirects are not followed, and a browser posts nothing there: ask where they lead with --server-url."
            )?;
        }
        Ok(())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.server.url)?;
        let names = self.rows.iter().map(|row| row.dialect.name().len());
        let width = names.max().unwrap_or(0);
        for row in self.rows {
            let verdict = match row.verdict {
                Verdict::Answers => "answers",
                Verdict::DoesNot => "does not",
                Verdict::CannotTell => "cannot tell",
            };
            let (name, evidence) = (row.dialect.name(), &row.evidence);
            writeln!(f, "  {name:width$}  {verdict:11}  {evidence}")?;
        }
        self.verdict(f)?;
        self.remarks(f)
    }
}

/// Returns the dialect that differs only in whether the news are pushed.
fn twin(dialect: Dialect) -> Dialect {
    let twin = |(polled, pushed)| match dialect {
        _ if dialect == polled => Some(pushed),
        _ if dialect == pushed => Some(polled),
        _ => None,
    };
    TWINS.into_iter().find_map(twin).unwrap_or(dialect)
}

#[cfg(test)]
mod tests {
    use parlour_config::Config;

    use super::*;

    fn server(dialect: Dialect) -> Server {
        let json = format!(
            r#"{{"tenant": "acme", "server": {{"dialect": "{}", "service": "sales", "url": "https://chat.example"}}}}"#,
            dialect.name()
        );
        Config::from_json(&json).unwrap().server
    }

    /// Makes rows in which these dialects answer and all others do not.
    fn rows(answering: &[Dialect]) -> Vec<Row> {
        let row = |dialect| {
            let verdict = match answering.contains(&dialect) {
                true => Verdict::Answers,
                false => Verdict::DoesNot,
            };
            Row {
                dialect,
                verdict,
                evidence: "HTTP 404, a page".into(),
                remark: None,
            }
        };
        Dialect::ALL.map(row).to_vec()
    }

    fn report(server: &Server, rows: &[Row]) -> (bool, String) {
        let file = "tenants/acme.toml";
        let report = Report { file, server, rows };
        (report.own_answers(), report.to_string())
    }

    #[test]
    fn the_wrong_dialect_is_told_with_what_to_write() {
        let (own, text) = report(&server(Dialect::GmsV2), &rows(&[Dialect::Gws]));
        assert!(!own);
        assert_eq!(
            text,
            "https://chat.example\n\
             \x20 gms-v2         does not     HTTP 404, a page\n\
             \x20 gms-v2-cometd  does not     HTTP 404, a page\n\
             \x20 gms-v1         does not     HTTP 404, a page\n\
             \x20 gms-v1-cometd  does not     HTTP 404, a page\n\
             \x20 gws            answers      HTTP 404, a page\n\
             The tenant's file says gms-v2; likely right: gws.\n\
             Write dialect = \"gws\" under [server] in tenants/acme.toml.\n\
             It needs apikey or ContactCenterId under [server.headers], too: the operator has it.\n"
        );
        let mut server = server(Dialect::GmsV1);
        server.headers.insert("ApiKey", "secret".into());
        let (_, text) = report(&server, &rows(&[Dialect::Gws]));
        assert!(
            !text.contains("It needs") && !text.contains("secret"),
            "{text}"
        );
    }

    #[test]
    fn the_right_one_is_confirmed() {
        for dialect in Dialect::ALL {
            let (own, text) = report(&server(dialect), &rows(&[dialect]));
            assert!(own);
            let says = format!(
                "The tenant's file says {}, and that answers.\n",
                dialect.name()
            );
            assert!(text.ends_with(&says), "{text}");
            // Others may answer as well.
            assert!(report(&server(dialect), &rows(&Dialect::ALL)).0);
        }
    }

    #[test]
    fn of_several_the_nearest_to_the_file_is_likely_then_the_polled_one() {
        use Dialect::{GmsV1, GmsV1Cometd, GmsV2, GmsV2Cometd, Gws};
        for (own, answering, likely) in [
            (GmsV1Cometd, &[GmsV2, GmsV1][..], GmsV1),
            (GmsV1, &[GmsV2, GmsV2Cometd], GmsV2),
            (Gws, &[GmsV1, GmsV1Cometd], GmsV1),
            (GmsV2, &[GmsV2Cometd], GmsV2Cometd),
            (Gws, &[GmsV2Cometd], GmsV2Cometd),
        ] {
            let (_, text) = report(&server(own), &rows(answering));
            let says = format!("says {}; likely right: {}.", own.name(), likely.name());
            assert!(text.contains(&says), "{text}");
            let needs = text.contains("credentials = \"include\"");
            assert_eq!(needs, likely.is_pushed(), "{text}");
        }
    }

    #[test]
    fn polled_is_preferred_to_pushed_where_both_answer() {
        let both = "Both gms-v2 and gms-v2-cometd may do: gms-v2 is preferred, unless the operator has switched on";
        for own in [Dialect::GmsV2, Dialect::GmsV2Cometd] {
            let (own, text) = report(&server(own), &rows(&[Dialect::GmsV2, Dialect::GmsV2Cometd]));
            assert!(own && text.contains(both), "{text}");
        }
        let (_, text) = report(&server(Dialect::GmsV2), &rows(&[Dialect::GmsV2]));
        assert!(!text.contains("may do"), "{text}");
    }

    #[test]
    fn no_answer_at_all_leaves_it_open() {
        let mut rows = rows(&[]);
        let (own, text) = report(&server(Dialect::GmsV1), &rows);
        assert!(!own);
        assert!(
            text.contains("says gms-v1; none of the APIs is there."),
            "{text}"
        );
        rows[0].verdict = Verdict::CannotTell;
        let (own, text) = report(&server(Dialect::GmsV2), &rows);
        assert!(!own, "what cannot be told is not right");
        assert!(
            text.contains("says gms-v2; which is right cannot be told"),
            "{text}"
        );
        assert!(text.contains("service's name"), "{text}");
    }

    #[test]
    fn what_an_answer_asks_for_is_said() {
        for (at, remark, says) in [
            (0, Remark::UnknownService, "knows no service `sales`"),
            (4, Remark::RefusedHeaders, "wants other headers"),
            (2, Remark::Redirected, "--server-url"),
        ] {
            let mut rows = rows(&[Dialect::GmsV2]);
            assert!(!report(&server(Dialect::GmsV2), &rows).1.contains(says));
            rows[at].remark = Some(remark);
            let text = report(&server(Dialect::GmsV2), &rows).1;
            assert!(text.contains(says), "{text}");
        }
    }
}
