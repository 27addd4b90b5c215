//! Which markers stand at which expressions of a file: for the pairs of calls that it has, and for hazards of its managers and loops.

use std::collections::BTreeMap;

use ruff_python_ast::Stmt;
use ruff_text_size::{TextRange, TextSize};

use crate::book::conventions::Conventions;
use crate::python::syntax::body::{Body, Site, bodies};
use crate::python::syntax::habits::Habits;
use crate::python::syntax::marks::marks;
use crate::python::syntax::pairs::{Pair, Pairs};

/// A marker at an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plant {
    /// Its constructor in the grammar, such as `pair-given`.
    pub marker: &'static str,
    /// What it names: the two calls of the pair that it is about.
    pub names: Vec<String>,
    /// Whether only the truth of the expression counts, where it stands.
    pub truth: bool,
}

/// The markers of a file, by the places of expressions.
#[derive(Debug, Default)]
pub(super) struct Plants {
    at: BTreeMap<(u32, u32), Vec<Plant>>,
    /// The pairs that the file has.
    pub spoken: Vec<Pair>,
    /// The pairs whose second call stands in a `finally` clause, by where that begins, where it is granted that what cleans up may fail.
    pub cleaning: BTreeMap<TextSize, Vec<Pair>>,
    /// Where the text says more than its terms do.
    pub habits: Habits,
}

impl Plants {
    /// The markers for these pairs.
    pub fn of(suite: &[Stmt], pairs: &Pairs) -> Plants {
        let mut plants = Plants::of_hazards(suite, pairs);
        let bodies = bodies(suite);
        bodies.iter().for_each(|body| plants.files(body));
        for pair in &pairs.asked {
            let named = Pair {
                first: as_written(&bodies, &pair.first),
                second: as_written(&bodies, &pair.second),
                ..pair.clone()
            };
            bodies.iter().for_each(|body| plants.asked(body, pair, &named));
            plants.spoken.push(pair.clone());
        }
        for pair in pairs.usual.iter().filter(|pair| !pairs.asked.iter().any(|asked| same(asked, pair))) {
            let before = plants.at.len();
            bodies.iter().for_each(|body| plants.usual(body, &bodies, pair));
            if plants.at.len() > before && !plants.spoken.contains(pair) {
                plants.spoken.push(pair.clone());
            }
        }
        plants
    }

    /// The markers for hazards alone, which a program of the core has, too.
    pub fn of_hazards(suite: &[Stmt], pairs: &Pairs) -> Plants {
        let mut plants = Plants::default();
        for mark in marks(suite, &pairs.undoing) {
            plants.add(mark.range, Plant { marker: mark.marker, names: Vec::new(), truth: mark.truth });
        }
        plants
    }

    /// The same, with the markers of what people are used to.
    pub fn with(self, suite: &[Stmt], conventions: &Conventions) -> Plants {
        let cleaning = if conventions.grant("cleanup") { self.cleaning } else { BTreeMap::new() };
        Plants { habits: Habits::of(suite, conventions), cleaning, ..self }
    }

    /// The markers at an expression.
    pub fn at(&self, range: TextRange) -> &[Plant] {
        self.at.get(&(range.start().into(), range.end().into())).map_or(&[], Vec::as_slice)
    }

    fn plant(&mut self, range: TextRange, marker: &'static str, pair: &Pair, truth: bool) {
        let names = vec![pair.first.clone(), pair.second.clone()];
        self.add(range, Plant { marker, names, truth });
    }

    fn add(&mut self, range: TextRange, plant: Plant) {
        let there = self.at.entry((range.start().into(), range.end().into())).or_default();
        if !there.contains(&plant) {
            there.push(plant);
        }
    }

    /// Where files get a new owner: what `open` gave is handed on, has a name that others share, or is given away at once.
    fn files(&mut self, body: &Body) {
        let pair = Pair { first: "open".into(), second: "close".into(), ..Pair::default() };
        for site in body.sites.iter().filter(|site| site.text.as_deref() == Some("open")) {
            let name = body.name_of(site.range);
            if name.is_some_and(|name| body.shared.contains(name)) || body.given_away.contains(&site.range) {
                self.plant(site.range, "pair-handed", &pair, false);
            }
            for (_, range) in body.handed.iter().filter(|(handed, _)| Some(handed) == name) {
                self.plant(*range, "pair-handed", &pair, false);
            }
        }
    }

    /// A pair that was asked for: each call of it.
    fn asked(&mut self, body: &Body, pair: &Pair, named: &Pair) {
        for site in body.sites.iter().filter(|site| matches(&named.first, site)) {
            match kept(body, site, named) {
                Some(name) => self.resource(body, site, &name, pair),
                None => self.receiver(body, site, pair),
            }
        }
        for site in body.sites.iter().filter(|site| matches(&named.second, site)) {
            self.second(body, site, pair, pair.strict);
        }
    }

    /// A pair that is usual: where one function calls both, of one object.
    fn usual(&mut self, body: &Body, all: &[Body], pair: &Pair) {
        let seconds: Vec<&Site> = body.sites.iter().filter(|site| matches(&pair.second, site)).collect();
        for site in
            body.sites.iter().filter(|site| matches(&pair.first, site) || is_of_class(body, site, pair))
        {
            if let Some(name) = kept(body, site, pair) {
                self.resource(body, site, &name, pair);
                seconds.iter().for_each(|second| self.second(body, second, pair, false));
                continue;
            }
            let Some((Some(text), _)) = &site.receiver else { continue };
            let on_it = |second: &Site| matches!(&second.receiver, Some((Some(other), _)) if other == text);
            let seconds: Vec<&&Site> = seconds.iter().filter(|second| on_it(second)).collect();
            let follows = |second: &&&Site| second.range.start() > site.range.start();
            // Where none stands behind the first, it is the other way round: taken out, and put back.
            if pair.gives || !seconds.iter().any(follows) || elsewhere(all, body, text, pair) {
                continue;
            }
            self.receiver(body, site, pair);
            let in_order = seconds.iter().all(follows);
            seconds.iter().for_each(|second| self.second(body, second, pair, pair.strict && in_order));
        }
    }

    /// The first call, of what it is called on.
    fn receiver(&mut self, body: &Body, site: &Site, pair: &Pair) {
        let Some((text, place)) = &site.receiver else { return };
        self.plant(*place, "pair-asked", pair, false);
        let truth = body.truths.iter().any(|(_, range)| *range == site.range);
        let tested: Vec<TextRange> = tests_of_answer(body, site);
        let kind = match body.bare.contains(&site.range) {
            true => "pair-result",
            false if tested.is_empty() => "pair-perhaps",
            false => "pair-stored",
        };
        self.plant(site.range, kind, pair, truth);
        tested.into_iter().for_each(|test| self.plant(test, "pair-answer", pair, true));
        for (name, range) in &body.handed {
            if Some(name) == text.as_ref() {
                self.plant(*range, "pair-handed", pair, false);
            }
        }
        text.iter().for_each(|text| self.asked_whether(body, text, pair));
    }

    /// Where an object is asked whether there is anything to do: `if worker.is_alive():`.
    fn asked_whether(&mut self, body: &Body, text: &str, pair: &Pair) {
        let asks = |site: &&Site| {
            let on_it = matches!(&site.receiver, Some((Some(other), _)) if other == text);
            on_it && site.name.starts_with("is") && body.truths.iter().any(|(_, range)| *range == site.range)
        };
        for site in body.sites.iter().filter(asks) {
            self.plant(site.range, "pair-present", pair, true);
        }
    }

    /// The first call, of what it gives: the name that this gets.
    fn resource(&mut self, body: &Body, site: &Site, name: &String, pair: &Pair) {
        self.plant(site.range, "pair-taken", pair, false);
        for (_, range) in body.handed.iter().filter(|(handed, _)| handed == name) {
            self.plant(*range, "pair-handed", pair, false);
        }
        for (_, range) in body.truths.iter().filter(|(asked, _)| asked.as_ref() == Some(name)) {
            self.plant(*range, "pair-present", pair, true);
        }
        self.asked_whether(body, name, pair);
        for (_, range, not) in body.compared.iter().filter(|(asked, _, _)| asked == name) {
            self.plant(*range, if *not { "pair-present" } else { "pair-absent" }, pair, false);
        }
    }

    /// The second call: of what it is called on, and of its first argument.
    fn second(&mut self, body: &Body, site: &Site, pair: &Pair, strict: bool) {
        for cleanup in body.cleanups.iter().filter(|cleanup| cleanup.contains_range(site.range)) {
            let pairs = self.cleaning.entry(cleanup.start()).or_default();
            if !pairs.contains(pair) {
                pairs.push(pair.clone());
            }
        }
        if let Some((_, place)) = object_of(&pair.second, site) {
            self.plant(place, "pair-given", pair, false);
            if strict {
                self.plant(place, "pair-due", pair, false);
            }
        }
        if let Some((_, place)) = &site.argument {
            self.plant(*place, "pair-given", pair, false);
        }
    }
}

/// A name as the file writes it: what a class has, or a value that a call gave, is called on objects with names of their own.
fn as_written(bodies: &[Body], names: &str) -> String {
    let written = |name: &str| bodies.iter().flat_map(|body| &body.sites).any(|site| matches(name, site));
    let name = |name: &str| match name.rsplit_once('.') {
        Some((_, method)) if !written(name) => format!(".{method}"),
        _ => name.to_string(),
    };
    names.split('|').map(name).collect::<Vec<_>>().join("|")
}

fn same(one: &Pair, other: &Pair) -> bool {
    let last = |name: &str| name.rsplit('.').next().unwrap_or_default().to_string();
    last(&one.first) == last(&other.first) && last(&one.second) == last(&other.second)
}

/// The name that the result of the first call gets, where the second is called on it, or with it.
fn kept(body: &Body, site: &Site, pair: &Pair) -> Option<String> {
    let name = body.name_of(site.range).filter(|name| !body.shared.contains(*name))?;
    let for_it = |second: &Site| {
        let on = object_of(&pair.second, second).is_some_and(|(text, _)| text.as_ref() == Some(name));
        on || second.argument.as_ref().is_some_and(|(text, _)| text == name)
    };
    body.sites.iter().any(|second| matches(&pair.second, second) && for_it(second)).then(|| name.clone())
}

/// What a call is made on: what stands before the last dot, or before the part of it that the pair names, as in `.stdout.close`.
fn object_of(names: &str, site: &Site) -> Option<(Option<String>, TextRange)> {
    let (text, place) = site.receiver.clone()?;
    let inner = names.split('|').filter_map(|name| name.strip_prefix('.')?.rsplit_once('.'));
    let part = |(part, method): (&str, &str)| {
        let object = text.as_ref()?.strip_suffix(part)?.strip_suffix('.')?;
        (method == site.name).then(|| object.to_string())
    };
    match inner.filter_map(part).next() {
        Some(object) => {
            let length = TextSize::try_from(object.len()).ok()?;
            Some((Some(object), TextRange::at(place.start(), length)))
        }
        None => Some((text, place)),
    }
}

/// Whether a call is of the first of a pair on what a call of a class gave, as in `Thread.start:join`. Nobody waits for a daemon.
fn is_of_class(body: &Body, site: &Site, pair: &Pair) -> bool {
    let Some((class, method)) = pair.first.split_once('.') else { return false };
    let Some((Some(object), _)) = &site.receiver else { return false };
    let made = |made: &Site| made.name == class && body.name_of(made.range) == Some(object);
    site.name == method && !body.daemons.contains(object) && body.sites.iter().any(made)
}

/// Where the truth of what a call returned is asked for later, by the name that it got.
fn tests_of_answer(body: &Body, site: &Site) -> Vec<TextRange> {
    let Some(name) = body.name_of(site.range).filter(|name| !body.shared.contains(*name)) else {
        return Vec::new();
    };
    let tests = body.truths.iter().filter(|(tested, _)| tested.as_ref() == Some(name));
    tests.map(|(_, range)| *range).collect()
}

/// Whether another function calls only the second of what outlives a call: then it is held on purpose.
fn elsewhere(all: &[Body], here: &Body, text: &str, pair: &Pair) -> bool {
    let on_it = |name: &str, site: &Site| {
        matches(name, site) && matches!(&site.receiver, Some((Some(other), _)) if other == text)
    };
    let only_second = |body: &&Body| {
        body.sites.iter().any(|site| on_it(&pair.second, site))
            && !body.sites.iter().any(|site| on_it(&pair.first, site))
    };
    text.contains('.') && all.iter().filter(|body| !std::ptr::eq(*body, here)).any(|body| only_second(&body))
}

/// Whether a call is of one of these names: the last part of what is called, or as many parts as the name has.
fn matches(names: &str, site: &Site) -> bool {
    names.split('|').any(|name| match name.strip_prefix('.') {
        Some(part) if part.contains('.') => site.text.as_ref().is_some_and(|text| text.ends_with(name)),
        Some(method) => site.receiver.is_some() && site.name == method,
        None if name.contains('.') => {
            let Some(text) = &site.text else { return false };
            text.strip_suffix(name).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        }
        None => site.name == name,
    })
}
