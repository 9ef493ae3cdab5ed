//! Fault injection: rules that say which requests go wrong, and how.

mod file;
mod rule;

pub use file::{read_rules, write_rule};
pub use rule::{Broken, Kind, Rule};

use crate::model::ChatId;
use crate::rng::Rng;

/// The active fault rules, with counts of the requests that they matched.
#[derive(Debug)]
pub struct Faults {
    rules: Vec<Active>,
    next_id: u32,
    rng: Rng,
}

#[derive(Debug)]
struct Active {
    id: u32,
    rule: Rule,
    met: u32,
    done: u32,
}

/// What is to go wrong with one request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Wait so long before processing (ms).
    pub delay_before_ms: u64,
    /// Wait so long after processing (ms).
    pub delay_after_ms: u64,
    /// Move the chat to another host before processing.
    pub change_alias: bool,
    /// Break it so.
    pub broken: Option<Broken>,
}

impl Faults {
    /// Creates a set of rules whose chances come from `seed`.
    pub fn new(seed: u64, rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut faults = Self {
            rules: Vec::new(),
            next_id: 1,
            rng: Rng::new(seed),
        };
        for rule in rules {
            faults.add(rule);
        }
        faults
    }

    /// Adds a rule and gives the number it can be removed by.
    pub fn add(&mut self, rule: Rule) -> u32 {
        let id = self.next_id;
        self.next_id += 1;
        self.rules.push(Active {
            id,
            rule,
            met: 0,
            done: 0,
        });
        id
    }

    /// Removes a rule; tells whether it was there.
    pub fn remove(&mut self, id: u32) -> bool {
        let before = self.rules.len();
        self.rules.retain(|active| active.id != id);
        self.rules.len() < before
    }

    /// Removes all rules.
    pub fn clear(&mut self) {
        self.rules.clear();
    }

    /// Lists the rules: number, rule, how many requests it has broken.
    pub fn list(&self) -> impl Iterator<Item = (u32, &Rule, u32)> {
        self.rules
            .iter()
            .map(|active| (active.id, &active.rule, active.done))
    }

    /// Returns whether a connection may still be cut: then none may be used twice, because browsers silently repeat a
    /// request that got no answer on a used connection.
    pub fn may_cut(&self) -> bool {
        self.rules
            .iter()
            .any(|active| active.rule.cuts() && !active.spent())
    }

    /// Decides about one request. All delays that match add up; of the rest the first wins.
    pub fn plan(&mut self, operation: &str, chat: Option<&ChatId>) -> Plan {
        let mut plan = Plan::default();
        for active in &mut self.rules {
            if active.spent() || !active.rule.matches(operation, chat) {
                continue;
            }
            let breaks = matches!(active.rule.kind, Kind::Broken(_));
            if breaks && plan.broken.is_some() {
                continue;
            }
            active.met = active.met.saturating_add(1);
            if active.met <= active.rule.skip || !chance(&mut self.rng, active.rule.probability) {
                continue;
            }
            active.done = active.done.saturating_add(1);
            match active.rule.kind {
                Kind::Delay { ms } => {
                    plan.delay_before_ms = plan.delay_before_ms.saturating_add(ms);
                }
                Kind::DelayReply { ms } => {
                    plan.delay_after_ms = plan.delay_after_ms.saturating_add(ms);
                }
                Kind::AliasChange => plan.change_alias = true,
                Kind::Broken(broken) => plan.broken = Some(broken),
            }
        }
        plan
    }
}

impl Active {
    fn spent(&self) -> bool {
        self.rule.count.is_some_and(|count| self.done >= count)
    }
}

fn chance(rng: &mut Rng, probability: f64) -> bool {
    const STEPS: u64 = 1 << 32;
    #[expect(clippy::cast_precision_loss, reason = "2^32 steps are exact in an f64")]
    let drawn = rng.below(STEPS) as f64 / STEPS as f64;
    drawn < probability
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(operation: &str) -> Rule {
        Rule::new(Some(operation), Kind::Broken(Broken::CutAfter))
    }

    fn broken(faults: &mut Faults, operation: &str) -> bool {
        faults.plan(operation, None).broken.is_some()
    }

    #[test]
    fn a_rule_skips_then_counts_then_rests() {
        let mut faults = Faults::new(
            1,
            [Rule {
                skip: 1,
                count: Some(2),
                ..cut("send")
            }],
        );
        assert!(faults.may_cut());
        let met: Vec<bool> = (0..5).map(|_| broken(&mut faults, "send")).collect();
        assert_eq!(met, [false, true, true, false, false]);
        assert!(!broken(&mut faults, "refresh"));
        assert!(!faults.may_cut());
    }

    #[test]
    fn a_rule_may_be_bound_to_one_chat() {
        let (mine, other) = (ChatId::new("a"), ChatId::new("b"));
        let mut faults = Faults::new(
            1,
            [Rule {
                chat: Some(mine.clone()),
                ..cut("send")
            }],
        );
        assert_eq!(faults.plan("send", Some(&other)), Plan::default());
        assert_eq!(faults.plan("send", None), Plan::default());
        assert_ne!(faults.plan("send", Some(&mine)), Plan::default());
    }

    #[test]
    fn probability_is_kept_and_repeats_with_the_seed() {
        let run = |seed| {
            let mut faults = Faults::new(
                seed,
                [Rule {
                    probability: 0.25,
                    ..cut("send")
                }],
            );
            (0..4000)
                .map(|_| broken(&mut faults, "send"))
                .collect::<Vec<_>>()
        };
        let hits = run(3).iter().filter(|hit| **hit).count();
        assert!((800..1200).contains(&hits), "{hits} of 4000");
        assert_eq!(run(3), run(3));
        assert_ne!(run(3), run(4));
    }

    #[test]
    fn delays_without_end_add_up_to_one_without_end() {
        let mut faults = Faults::new(1, []);
        for kind in [
            Kind::Delay { ms: u64::MAX },
            Kind::DelayReply { ms: u64::MAX },
        ] {
            faults.add(Rule::new(None, kind));
            faults.add(Rule::new(None, kind));
        }
        let plan = faults.plan("send", None);
        assert_eq!(
            (plan.delay_before_ms, plan.delay_after_ms),
            (u64::MAX, u64::MAX)
        );
    }

    #[test]
    fn delays_add_up_and_the_first_break_wins() {
        let mut faults = Faults::new(
            1,
            [
                Rule::new(None, Kind::Delay { ms: 100 }),
                cut("send"),
                Rule::new(Some("send"), Kind::Delay { ms: 20 }),
                Rule {
                    count: Some(1),
                    ..Rule::new(None, Kind::Broken(Broken::StatusCode1))
                },
            ],
        );
        let plan = faults.plan("send", None);
        assert_eq!(
            (plan.delay_before_ms, plan.broken),
            (120, Some(Broken::CutAfter))
        );
        // The rule that lost still counts as unused.
        assert_eq!(
            faults.plan("refresh", None).broken,
            Some(Broken::StatusCode1)
        );
    }
}
