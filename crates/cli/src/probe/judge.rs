//! The judgement: which dialects the outcomes of the requests stand for.

use parlour_config::Dialect;

use super::ask::Outcomes;
use super::finding::{Finding, NoApi, Presence, Remark, Row, status};
use super::reply::{Content, Outcome, Reply};
use super::signs;

/// Judges every dialect, in the order of [`Dialect::ALL`].
pub(crate) fn judge(outcomes: &Outcomes) -> Vec<Row> {
    let no_api = outcomes.no_api.reply();
    let v2 = find(&outcomes.v2, no_api, signs::version_2);
    let v1 = find(&outcomes.v1, no_api, signs::version_1);
    let cometd = find(&outcomes.cometd, no_api, signs::handshake);
    let gws = find(&outcomes.gws, no_api, signs::web_services);
    let v2_pushed = version_2_pushed(&cometd, &v2, &v1);
    let v1_pushed = version_1_pushed(&cometd, &v1);
    vec![
        v2.for_dialect(Dialect::GmsV2),
        v2_pushed.for_dialect(Dialect::GmsV2Cometd),
        v1.for_dialect(Dialect::GmsV1),
        v1_pushed.for_dialect(Dialect::GmsV1Cometd),
        gws.for_dialect(Dialect::Gws),
    ]
}

/// Looks for signs of the API itself, then at what any web server may reply.
fn find(
    outcome: &Outcome,
    no_api: Option<&Reply>,
    own: fn(&Reply, &NoApi<'_>) -> Option<Finding>,
) -> Finding {
    let reply = match outcome {
        Outcome::Reply(reply) => reply,
        Outcome::Failure(failure) => return Finding::new(Presence::Unclear, &*failure.message),
    };
    let no_api = NoApi(no_api);
    own(reply, &no_api).unwrap_or_else(|| ordinary(reply, &no_api))
}

/// Judges a reply without signs of any API.
fn ordinary(reply: &Reply, no_api: &NoApi<'_>) -> Finding {
    use Presence::{Absent, Unclear};
    let status = status(reply);
    if let Some(address) = reply
        .redirect
        .as_ref()
        .filter(|_| (300..400).contains(&reply.status))
    {
        let evidence = format!("{status}, redirects to {address}");
        return Finding::new(Unclear, evidence).with(Remark::Redirected);
    }
    let is_page = reply.content == Content::Page;
    let no_resource = matches!(reply.status, 404 | 405 | 410);
    if no_api.is_like(reply) {
        // A page for every path is the site's own.
        return if no_resource || is_page && reply.status < 300 {
            Finding::new(Absent, format!("{status}, as for a path that no API has"))
        } else {
            Finding::new(Unclear, format!("{status}, as for every other path"))
        };
    }
    let what = match &reply.content {
        Content::Empty => "empty",
        Content::Json(_) => "JSON that mentions no chat",
        Content::Page => "a page",
        Content::Other(_) => "which mentions no chat",
    };
    let presence = match reply.status {
        // What a servlet container replies where there is no application.
        404 | 410 if is_page => Absent,
        status if status < 300 && is_page => Absent,
        _ => Unclear,
    };
    Finding::new(presence, format!("{status}, {what}"))
}

/// Judges version 2 with push. One CometD server may push both versions, and no harmless request shows which.
fn version_2_pushed(cometd: &Finding, v2: &Finding, v1: &Finding) -> Finding {
    use Presence::{Absent, Present, Unclear};
    match (cometd.presence, v2.presence, v1.presence) {
        (Present, Present, _) => Finding::present(format!(
            "{}; version 2 is pushed if its notification mode is on",
            cometd.evidence
        )),
        (Present, _, Absent) => Finding::present(format!(
            "{}, and no version 1 that it could be for",
            cometd.evidence
        )),
        (Present, _, _) => {
            let evidence = format!("{}, which may be for version 1 only", cometd.evidence);
            Finding::new(Unclear, evidence)
        }
        _ => without_cometd(cometd),
    }
}

fn version_1_pushed(cometd: &Finding, v1: &Finding) -> Finding {
    use Presence::{Absent, Present, Unclear};
    match (cometd.presence, v1.presence) {
        (Absent, _) => without_cometd(cometd),
        (_, Absent) => Finding::new(Absent, format!("no version 1: {}", v1.evidence)),
        (Present, Present) => Finding::present(format!("{}, and version 1", cometd.evidence)),
        (Present, Unclear) => {
            let evidence = format!("{}, but version 1: {}", cometd.evidence, v1.evidence);
            Finding::new(Unclear, evidence)
        }
        (Unclear, _) => without_cometd(cometd),
    }
}

fn without_cometd(cometd: &Finding) -> Finding {
    Finding {
        presence: cometd.presence,
        evidence: format!("CometD: {}", cometd.evidence),
        remark: cometd.remark,
    }
}

#[cfg(test)]
mod tests {
    use super::super::reply::Failure;
    use super::*;

    use Presence::{Absent as No, Present as Yes, Unclear as Perhaps};

    fn reply(status: u16, body: &str) -> Outcome {
        Outcome::Reply(Reply::new(status, "", "", body.as_bytes()))
    }

    fn page(status: u16) -> Outcome {
        reply(status, "<html><body><h2>HTTP ERROR</h2></body></html>")
    }

    fn redirect(to: &str) -> Outcome {
        Outcome::Reply(Reply::new(302, "", to, b""))
    }

    /// A servlet container without any of the APIs.
    fn container() -> Outcomes {
        Outcomes {
            v2: page(404),
            v1: page(404),
            cometd: page(404),
            gws: page(404),
            no_api: page(404),
        }
    }

    fn presences(outcomes: &Outcomes) -> [Presence; 5] {
        let rows = judge(outcomes);
        let dialects = rows.iter().map(|row| row.dialect).collect::<Vec<_>>();
        assert_eq!(dialects, Dialect::ALL);
        [0, 1, 2, 3, 4].map(|at| rows[at].presence)
    }

    const ENVELOPE: &str =
        r#"{"messages": [], "chatEnded": true, "statusCode": 2, "errors": [{"code": 249}]}"#;
    const MESSAGE: &str = r#"{"message": "There is no such service."}"#;
    const SHAKEN: &str =
        r#"[{"channel": "/meta/handshake", "successful": true, "clientId": "abc"}]"#;
    const GWS_ERROR: &str = r#"{"statusCode": 2, "statusMessage": "no such chat"}"#;

    #[test]
    fn a_container_without_applications_has_nothing() {
        assert_eq!(presences(&container()), [No; 5]);
        // A site's own pages are none of the APIs, either.
        let site = Outcomes {
            v2: page(200),
            v1: page(200),
            cometd: page(200),
            gws: page(200),
            no_api: page(200),
        };
        assert_eq!(presences(&site), [No; 5]);
    }

    #[test]
    fn version_2_is_known_by_its_envelope() {
        for body in [
            ENVELOPE,
            r#"{"chatEnded": false}"#,
            r#"{"statusCode": "2", "errors": null}"#,
        ] {
            let v2 = reply(200, body);
            let outcomes = Outcomes { v2, ..container() };
            assert_eq!(presences(&outcomes), [Yes, No, No, No, No], "{body}");
        }
        for body in [
            GWS_ERROR,
            r#"{"statusCode": 404, "message": "Cannot POST", "error": "Not Found"}"#,
            MESSAGE,
            "[]",
        ] {
            let v2 = reply(404, body);
            let outcomes = Outcomes { v2, ..container() };
            assert_eq!(presences(&outcomes)[0], Perhaps, "{body}");
        }
    }

    #[test]
    fn an_unknown_service_is_one_of_a_known_api() {
        let body = r#"{"chatEnded": true, "statusCode": 2, "errors": [{"code": "306"}]}"#;
        let v2 = reply(404, body);
        let rows = judge(&Outcomes { v2, ..container() });
        assert_eq!(
            (rows[0].presence, rows[0].remark),
            (Yes, Some(Remark::UnknownService))
        );
        assert!(rows[0].evidence.contains("306"), "{}", rows[0].evidence);
        // Some servers say so with a status only.
        for status in [404, 500, 502] {
            let v2 = reply(status, "");
            assert_eq!(presences(&Outcomes { v2, ..container() })[0], Perhaps);
        }
    }

    #[test]
    fn version_1_is_known_by_its_errors_where_nothing_else_says_the_same() {
        for (status, body, presence) in [
            (404, MESSAGE, Yes),
            (415, MESSAGE, Yes),
            (200, r#"{"chatIxnState": "DISCONNECTED"}"#, Yes),
            (503, "", Yes),
            (400, "", Yes),
            (415, "", Yes),
            (404, "", Perhaps),
            (403, "", Perhaps),
            (405, "", Perhaps),
            (502, "", Perhaps),
            (403, MESSAGE, Perhaps),
            (429, MESSAGE, Perhaps),
            (503, MESSAGE, Perhaps),
            (404, r#"{"message": "x", "path": "/genesys/1"}"#, Perhaps),
            (404, r#"{"message": "x", "statusCode": 404}"#, Perhaps),
            (200, r#"{"message": "hello"}"#, Perhaps),
            (400, "Bad request", Perhaps),
        ] {
            let v1 = reply(status, body);
            let outcomes = Outcomes { v1, ..container() };
            assert_eq!(
                presences(&outcomes),
                [No, No, presence, No, No],
                "{status} {body}"
            );
        }
        for status in [500, 503] {
            let v1 = page(status);
            assert_eq!(presences(&Outcomes { v1, ..container() })[2], Perhaps);
        }
    }

    #[test]
    fn the_same_reply_for_every_path_proves_nothing() {
        let everywhere = |status, body: &str| {
            presences(&Outcomes {
                v2: reply(status, body),
                v1: reply(status, body),
                cometd: reply(status, body),
                gws: reply(status, body),
                no_api: reply(status, body),
            })
        };
        // Gateways: no such route; not allowed; away.
        assert_eq!(everywhere(404, r#"{"message": "Not Found"}"#), [No; 5]);
        for status in [400, 401, 403, 503] {
            assert_eq!(everywhere(status, ""), [Perhaps; 5], "{status}");
            assert_eq!(
                everywhere(status, r#"{"message": "Forbidden"}"#),
                [Perhaps; 5]
            );
        }
        // Without a comparison only an API's own words count.
        let failure = Failure {
            code: 28,
            message: "curl: (28) too late".into(),
        };
        let outcomes = Outcomes {
            v2: reply(200, ENVELOPE),
            v1: reply(503, ""),
            cometd: reply(200, SHAKEN),
            gws: reply(401, ""),
            no_api: Outcome::Failure(failure.clone()),
        };
        assert_eq!(presences(&outcomes), [Yes, Yes, Perhaps, Perhaps, Perhaps]);
        let v2 = Outcome::Failure(failure);
        let rows = judge(&Outcomes { v2, ..container() });
        assert_eq!(
            (rows[0].presence, &*rows[0].evidence),
            (Perhaps, "curl: (28) too late")
        );
    }

    #[test]
    fn gws_is_known_by_its_codes_and_by_refusing() {
        for (status, body, presence) in [
            (400, GWS_ERROR, Yes),
            (404, GWS_ERROR, Yes),
            (200, r#"{"chat": {"id": "0"}, "statusCode": 0}"#, Yes),
            (400, "no such chat", Yes),
            (400, "", Yes),
            (401, "", Yes),
            (403, "{}", Yes),
            (
                404,
                r#"{"statusCode": 404, "message": "Not Found"}"#,
                Perhaps,
            ),
            (404, "", Perhaps),
            (405, "", Perhaps),
            (500, "", Perhaps),
            (404, ENVELOPE, Perhaps),
        ] {
            let gws = reply(status, body);
            let rows = judge(&Outcomes { gws, ..container() });
            assert_eq!(rows[4].presence, presence, "{status} {body}");
            let refused = rows[4].remark == Some(Remark::RefusedHeaders);
            assert_eq!(refused, matches!(status, 401 | 403), "{status} {body}");
        }
    }

    #[test]
    fn what_cometd_is_for_follows_from_the_others() {
        let outcomes = |v2: &Outcome, v1: &Outcome| {
            let (v2, v1) = (v2.clone(), v1.clone());
            let cometd = reply(200, SHAKEN);
            presences(&Outcomes {
                v2,
                v1,
                cometd,
                ..container()
            })
        };
        let (v2, v1, none) = (reply(200, ENVELOPE), reply(404, MESSAGE), page(404));
        assert_eq!(outcomes(&none, &none), [No, Yes, No, No, No]);
        assert_eq!(outcomes(&v2, &none), [Yes, Yes, No, No, No]);
        assert_eq!(outcomes(&none, &v1), [No, Perhaps, Yes, Yes, No]);
        assert_eq!(outcomes(&v2, &v1), [Yes, Yes, Yes, Yes, No]);
        let unsure = reply(404, "");
        assert_eq!(
            outcomes(&none, &unsure),
            [No, Perhaps, Perhaps, Perhaps, No]
        );
        assert_eq!(outcomes(&unsure, &none), [Perhaps, Yes, No, No, No]);
    }

    #[test]
    fn a_handshake_must_open_a_session() {
        let cometd = |cometd: Outcome| {
            let v1 = reply(404, MESSAGE);
            let [_, v2_pushed, _, v1_pushed, _] = presences(&Outcomes {
                v1,
                cometd,
                ..container()
            });
            (v2_pushed, v1_pushed)
        };
        let refused =
            r#"[{"channel": "/meta/handshake", "successful": false, "error": "403::no"}]"#;
        assert_eq!(cometd(reply(200, SHAKEN)), (Perhaps, Yes));
        assert_eq!(cometd(reply(200, refused)), (Perhaps, Perhaps));
        assert_eq!(cometd(reply(200, "[]")), (Perhaps, Perhaps));
        assert_eq!(
            cometd(reply(200, "[1, {\"channel\": 2}]")),
            (Perhaps, Perhaps)
        );
        assert_eq!(cometd(page(200)), (No, No));
        assert_eq!(cometd(page(404)), (No, No));
    }

    #[test]
    fn a_redirect_is_told_and_proves_nothing() {
        let rows = judge(&Outcomes {
            v2: redirect("https://login.example/"),
            no_api: redirect("https://login.example/"),
            ..container()
        });
        assert_eq!(
            (rows[0].presence, rows[0].remark),
            (Perhaps, Some(Remark::Redirected))
        );
        assert_eq!(
            rows[0].evidence,
            "HTTP 302, redirects to https://login.example/"
        );
    }
}
