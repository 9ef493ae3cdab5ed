//! The printed report: a line for each dialect, then what to write into the tenant's file.

use std::fmt;

use parlour_config::{Credentials, Dialect, Server};

use super::finding::{Presence, Remark, Row};

/// The dialects in order of preference where several are present: polled before pushed, which the operator must have
/// switched on, and newer before deprecated.
const PREFERRED: [Dialect; 5] = [
    Dialect::GmsV2,
    Dialect::GmsV1,
    Dialect::Gws,
    Dialect::GmsV2Cometd,
    Dialect::GmsV1Cometd,
];

/// The dialects that differ only in push: polled first.
const TWINS: [(Dialect, Dialect); 2] = [
    (Dialect::GmsV2, Dialect::GmsV2Cometd),
    (Dialect::GmsV1, Dialect::GmsV1Cometd),
];

/// The report of one probe.
pub(crate) struct Report<'a> {
    /// The name of the tenant's file, for people.
    pub(crate) file: &'a str,
    /// The file's server settings, with the address that was probed.
    pub(crate) server: &'a Server,
    /// The result for each dialect.
    pub(crate) rows: &'a [Row],
}

impl Report<'_> {
    /// Returns whether the tenant's own dialect is present.
    pub(crate) fn own_is_present(&self) -> bool {
        self.has(self.server.dialect)
    }

    fn has(&self, dialect: Dialect) -> bool {
        let mut rows = self.rows.iter();
        rows.any(|row| row.dialect == dialect && row.presence == Presence::Present)
    }

    /// Returns the dialect that is most probably right, if any is present: the tenant's own, then the one that differs
    /// from it only in push, then the preferred one.
    fn likely(&self) -> Option<Dialect> {
        let own = self.server.dialect;
        let wishes = [own, twin(own)].into_iter().chain(PREFERRED);
        wishes.into_iter().find(|dialect| self.has(*dialect))
    }

    fn has_remark(&self, remark: Remark) -> bool {
        self.rows.iter().any(|row| row.remark == Some(remark))
    }

    /// Writes which dialect is right, and what to change in the file.
    fn write_advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
                self.write_needed_settings(likely, f)
            }
            None => {
                let file = own.name();
                let unsure = self
                    .rows
                    .iter()
                    .any(|row| row.presence == Presence::Unclear);
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

    fn write_needed_settings(&self, dialect: Dialect, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if dialect.is_pushed() && self.server.credentials == Credentials::Omit {
            writeln!(f, "It needs credentials = \"include\" there, too.")?;
        }
        let has_header = |wanted: &str| {
            let mut names = self.server.headers.keys();
            names.any(|name| name.eq_ignore_ascii_case(wanted))
        };
        if dialect == Dialect::Gws && !has_header("apikey") && !has_header("ContactCenterId") {
            writeln!(
                f,
                "It needs apikey or ContactCenterId under [server.headers], too: the operator has it."
            )?;
        }
        Ok(())
    }

    /// Writes what several present dialects, and the remarks, mean.
    fn write_remarks(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (polled, pushed) in TWINS {
            let likely = self.likely();
            let asked = likely == Some(polled) || likely == Some(pushed);
            if asked && self.has(polled) && self.has(pushed) {
                let (polled, pushed) = (polled.name(), pushed.name());
                writeln!(
                    f,
                    "Both {polled} and {pushed} may do: {polled} is preferred, unless the operator has switched on \
                     notification mode."
                )?;
            }
        }
        if self.has(Dialect::GmsV2) && self.has(Dialect::GmsV1) {
            writeln!(
                f,
                "Of gms-v2 and gms-v1 the newer is preferred, if the operator has a chat service for it."
            )?;
        }
        if self.has_remark(Remark::UnknownService) {
            let service = &self.server.service;
            writeln!(
                f,
                "gms-v2 is there, but knows no service `{service}`: the operator has the name for server.service."
            )?;
        }
        if self.has_remark(Remark::RefusedHeaders) {
            writeln!(
                f,
                "gws is there, but wants other headers: the operator has apikey or ContactCenterId for [server.headers]."
            )?;
        }
        if self.has_remark(Remark::Redirected) {
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
            let presence = match row.presence {
                Presence::Present => "answers",
                Presence::Absent => "does not",
                Presence::Unclear => "cannot tell",
            };
            let (name, evidence) = (row.dialect.name(), &row.evidence);
            writeln!(f, "  {name:width$}  {presence:11}  {evidence}")?;
        }
        self.write_advice(f)?;
        self.write_remarks(f)
    }
}

/// Returns the dialect that differs only in push.
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
            let presence = match answering.contains(&dialect) {
                true => Presence::Present,
                false => Presence::Absent,
            };
            Row {
                dialect,
                presence,
                evidence: "HTTP 404, a page".into(),
                remark: None,
            }
        };
        Dialect::ALL.map(row).to_vec()
    }

    fn report(server: &Server, rows: &[Row]) -> (bool, String) {
        let file = "tenants/acme.toml";
        let report = Report { file, server, rows };
        (report.own_is_present(), report.to_string())
    }

    #[test]
    fn the_wrong_dialect_is_reported_with_what_to_write() {
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
        rows[0].presence = Presence::Unclear;
        let (own, text) = report(&server(Dialect::GmsV2), &rows);
        assert!(!own, "what cannot be told is not right");
        assert!(
            text.contains("says gms-v2; which is right cannot be told"),
            "{text}"
        );
        assert!(text.contains("service's name"), "{text}");
    }

    #[test]
    fn remarks_say_what_to_do() {
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
