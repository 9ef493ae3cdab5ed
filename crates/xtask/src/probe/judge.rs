//! What the answers tell of each dialect.

use parlour_config::Dialect;

use super::ask::Answers;
use super::finding::{Finding, Nowhere, Remark, Row, Verdict, status};
use super::reply::{Answer, Content, Reply};
use super::signs;

/// Judges every dialect, in the order of [`Dialect::ALL`].
pub(crate) fn judge(answers: &Answers) -> Vec<Row> {
    let nowhere = answers.nowhere.reply();
    let v2 = find(&answers.v2, nowhere, signs::version_2);
    let v1 = find(&answers.v1, nowhere, signs::version_1);
    let cometd = find(&answers.cometd, nowhere, signs::handshake);
    let gws = find(&answers.gws, nowhere, signs::web_services);
    let v2_pushed = version_2_pushed(&cometd, &v2, &v1);
    let v1_pushed = version_1_pushed(&cometd, &v1);
    vec![
        v2.of(Dialect::GmsV2),
        v2_pushed.of(Dialect::GmsV2Cometd),
        v1.of(Dialect::GmsV1),
        v1_pushed.of(Dialect::GmsV1Cometd),
        gws.of(Dialect::Gws),
    ]
}

/// Looks for an API's own way to answer, then at what any server says.
fn find(
    answer: &Answer,
    nowhere: Option<&Reply>,
    own: fn(&Reply, &Nowhere<'_>) -> Option<Finding>,
) -> Finding {
    let reply = match answer {
        Answer::Reply(reply) => reply,
        Answer::Silence(silence) => return Finding::new(Verdict::CannotTell, &*silence.words),
    };
    let nowhere = Nowhere(nowhere);
    own(reply, &nowhere).unwrap_or_else(|| ordinary(reply, &nowhere))
}

/// Says what an answer without a word of any API's shows.
fn ordinary(reply: &Reply, nowhere: &Nowhere<'_>) -> Finding {
    use Verdict::{CannotTell, DoesNot};
    let status = status(reply);
    if let Some(address) = reply
        .redirect
        .as_ref()
        .filter(|_| (300..400).contains(&reply.status))
    {
        let evidence = format!("{status}, redirects to {address}");
        return Finding::new(CannotTell, evidence).with(Remark::Redirected);
    }
    let is_page = reply.content == Content::Page;
    let no_resource = matches!(reply.status, 404 | 405 | 410);
    if nowhere.is_like(reply) {
        // A page for whatever is asked is a site's own.
        return if no_resource || is_page && reply.status < 300 {
            Finding::new(DoesNot, format!("{status}, as where nothing is"))
        } else {
            Finding::new(
                CannotTell,
                format!("{status}, as to whatever is asked there"),
            )
        };
    }
    let what = match &reply.content {
        Content::Empty => "empty",
        Content::Json(_) => "JSON without a word of a chat",
        Content::Page => "a page",
        Content::Other(_) => "without a word of a chat",
    };
    let verdict = match reply.status {
        // A servlet container says so where no application is.
        404 | 410 if is_page => DoesNot,
        status if status < 300 && is_page => DoesNot,
        _ => CannotTell,
    };
    Finding::new(verdict, format!("{status}, {what}"))
}

/// One CometD may push both versions, and nothing harmless tells which.
fn version_2_pushed(cometd: &Finding, v2: &Finding, v1: &Finding) -> Finding {
    use Verdict::{Answers, CannotTell, DoesNot};
    match (cometd.verdict, v2.verdict, v1.verdict) {
        (Answers, Answers, _) => Finding::answers(format!(
            "{}; version 2 is pushed if its notification mode is on",
            cometd.evidence
        )),
        (Answers, _, DoesNot) => Finding::answers(format!(
            "{}, and no version 1 that it could be for",
            cometd.evidence
        )),
        (Answers, _, _) => {
            let evidence = format!("{}, which may be for version 1 only", cometd.evidence);
            Finding::new(CannotTell, evidence)
        }
        _ => without_cometd(cometd),
    }
}

fn version_1_pushed(cometd: &Finding, v1: &Finding) -> Finding {
    use Verdict::{Answers, CannotTell, DoesNot};
    match (cometd.verdict, v1.verdict) {
        (DoesNot, _) => without_cometd(cometd),
        (_, DoesNot) => Finding::new(DoesNot, format!("no version 1: {}", v1.evidence)),
        (Answers, Answers) => Finding::answers(format!("{}, and version 1", cometd.evidence)),
        (Answers, CannotTell) => {
            let evidence = format!("{}, but version 1: {}", cometd.evidence, v1.evidence);
            Finding::new(CannotTell, evidence)
        }
        (CannotTell, _) => without_cometd(cometd),
    }
}

fn without_cometd(cometd: &Finding) -> Finding {
    Finding {
        verdict: cometd.verdict,
        evidence: format!("CometD: {}", cometd.evidence),
        remark: cometd.remark,
    }
}

#[cfg(test)]
mod tests {
    use super::super::reply::Silence;
    use super::*;

    use Verdict::{Answers as Yes, CannotTell as Perhaps, DoesNot as No};

    fn reply(status: u16, body: &str) -> Answer {
        Answer::Reply(Reply::new(status, "", "", body.as_bytes()))
    }

    fn page(status: u16) -> Answer {
        reply(status, "<html><body><h2>HTTP ERROR</h2></body></html>")
    }

    fn redirect(to: &str) -> Answer {
        Answer::Reply(Reply::new(302, "", to, b""))
    }

    /// A servlet container without any of the APIs.
    fn container() -> Answers {
        Answers {
            v2: page(404),
            v1: page(404),
            cometd: page(404),
            gws: page(404),
            nowhere: page(404),
        }
    }

    fn verdicts(answers: &Answers) -> [Verdict; 5] {
        let rows = judge(answers);
        let dialects = rows.iter().map(|row| row.dialect).collect::<Vec<_>>();
        assert_eq!(dialects, Dialect::ALL);
        [0, 1, 2, 3, 4].map(|at| rows[at].verdict)
    }

    const ENVELOPE: &str =
        r#"{"messages": [], "chatEnded": true, "statusCode": 2, "errors": [{"code": 249}]}"#;
    const MESSAGE: &str = r#"{"message": "There is no such service."}"#;
    const SHAKEN: &str =
        r#"[{"channel": "/meta/handshake", "successful": true, "clientId": "abc"}]"#;
    const GWS_ERROR: &str = r#"{"statusCode": 2, "statusMessage": "no such chat"}"#;

    #[test]
    fn a_container_without_applications_has_nothing() {
        assert_eq!(verdicts(&container()), [No; 5]);
        // A site's own pages are none of the APIs, either.
        let site = Answers {
            v2: page(200),
            v1: page(200),
            cometd: page(200),
            gws: page(200),
            nowhere: page(200),
        };
        assert_eq!(verdicts(&site), [No; 5]);
    }

    #[test]
    fn version_2_is_known_by_its_envelope() {
        for body in [
            ENVELOPE,
            r#"{"chatEnded": false}"#,
            r#"{"statusCode": "2", "errors": null}"#,
        ] {
            let v2 = reply(200, body);
            let answers = Answers { v2, ..container() };
            assert_eq!(verdicts(&answers), [Yes, No, No, No, No], "{body}");
        }
        for body in [
            GWS_ERROR,
            r#"{"statusCode": 404, "message": "Cannot POST", "error": "Not Found"}"#,
            MESSAGE,
            "[]",
        ] {
            let v2 = reply(404, body);
            let answers = Answers { v2, ..container() };
            assert_eq!(verdicts(&answers)[0], Perhaps, "{body}");
        }
    }

    #[test]
    fn an_unknown_service_is_one_of_a_known_api() {
        let body = r#"{"chatEnded": true, "statusCode": 2, "errors": [{"code": "306"}]}"#;
        let v2 = reply(404, body);
        let rows = judge(&Answers { v2, ..container() });
        assert_eq!(
            (rows[0].verdict, rows[0].remark),
            (Yes, Some(Remark::UnknownService))
        );
        assert!(rows[0].evidence.contains("306"), "{}", rows[0].evidence);
        // Some servers say so with a status only.
        for status in [404, 500, 502] {
            let v2 = reply(status, "");
            assert_eq!(verdicts(&Answers { v2, ..container() })[0], Perhaps);
        }
    }

    #[test]
    fn version_1_is_known_by_its_errors_where_nothing_else_says_the_same() {
        for (status, body, verdict) in [
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
            let answers = Answers { v1, ..container() };
            assert_eq!(
                verdicts(&answers),
                [No, No, verdict, No, No],
                "{status} {body}"
            );
        }
        for status in [500, 503] {
            let v1 = page(status);
            assert_eq!(verdicts(&Answers { v1, ..container() })[2], Perhaps);
        }
    }

    #[test]
    fn what_is_said_to_everything_tells_nothing() {
        let everywhere = |status, body: &str| {
            verdicts(&Answers {
                v2: reply(status, body),
                v1: reply(status, body),
                cometd: reply(status, body),
                gws: reply(status, body),
                nowhere: reply(status, body),
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
        let silence = Silence {
            code: 28,
            words: "curl: (28) too late".into(),
        };
        let answers = Answers {
            v2: reply(200, ENVELOPE),
            v1: reply(503, ""),
            cometd: reply(200, SHAKEN),
            gws: reply(401, ""),
            nowhere: Answer::Silence(silence.clone()),
        };
        assert_eq!(verdicts(&answers), [Yes, Yes, Perhaps, Perhaps, Perhaps]);
        let v2 = Answer::Silence(silence);
        let rows = judge(&Answers { v2, ..container() });
        assert_eq!(
            (rows[0].verdict, &*rows[0].evidence),
            (Perhaps, "curl: (28) too late")
        );
    }

    #[test]
    fn gws_is_known_by_its_codes_and_by_refusing() {
        for (status, body, verdict) in [
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
            let rows = judge(&Answers { gws, ..container() });
            assert_eq!(rows[4].verdict, verdict, "{status} {body}");
            let refused = rows[4].remark == Some(Remark::RefusedHeaders);
            assert_eq!(refused, matches!(status, 401 | 403), "{status} {body}");
        }
    }

    #[test]
    fn what_cometd_is_for_follows_from_the_others() {
        let answers = |v2: &Answer, v1: &Answer| {
            let (v2, v1) = (v2.clone(), v1.clone());
            let cometd = reply(200, SHAKEN);
            verdicts(&Answers {
                v2,
                v1,
                cometd,
                ..container()
            })
        };
        let (v2, v1, none) = (reply(200, ENVELOPE), reply(404, MESSAGE), page(404));
        assert_eq!(answers(&none, &none), [No, Yes, No, No, No]);
        assert_eq!(answers(&v2, &none), [Yes, Yes, No, No, No]);
        assert_eq!(answers(&none, &v1), [No, Perhaps, Yes, Yes, No]);
        assert_eq!(answers(&v2, &v1), [Yes, Yes, Yes, Yes, No]);
        let unsure = reply(404, "");
        assert_eq!(answers(&none, &unsure), [No, Perhaps, Perhaps, Perhaps, No]);
        assert_eq!(answers(&unsure, &none), [Perhaps, Yes, No, No, No]);
    }

    #[test]
    fn a_handshake_must_open_a_session() {
        let cometd = |cometd: Answer| {
            let v1 = reply(404, MESSAGE);
            let [_, v2_pushed, _, v1_pushed, _] = verdicts(&Answers {
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
        let rows = judge(&Answers {
            v2: redirect("https://login.example/"),
            nowhere: redirect("https://login.example/"),
            ..container()
        });
        assert_eq!(
            (rows[0].verdict, rows[0].remark),
            (Perhaps, Some(Remark::Redirected))
        );
        assert_eq!(
            rows[0].evidence,
            "HTTP 302, redirects to https://login.example/"
        );
    }
}
