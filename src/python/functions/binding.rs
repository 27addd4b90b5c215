//! Arguments to names: what the locals of a call are, and what is wrong with its arguments.

use egg::Id;

use crate::python::builtins::fields::keyword_hint;
use crate::python::functions::calls::{Code, Kept};
use crate::python::functions::opening;
use crate::python::values::hidden;
use crate::python::values::names::names;
use crate::python::values::vocabulary::vocabulary;
use crate::python::values::wording;
use crate::python::values::{Call, Failure, Objects};

impl Objects<'_, '_> {
    /// What texts about arguments call a function.
    fn called<'c>(&self, code: &'c Code) -> &'c str {
        if self.cx.constants().has("call.qualified") { &code.qualname } else { &code.name }
    }

    fn unexpected_keyword(&mut self, code: &Code, others: &[(String, Id)]) -> Failure {
        let posonly = &code.positional[..code.posonly.min(code.positional.len())];
        let wrong: Vec<String> =
            others.iter().map(|(name, _)| name.clone()).filter(|name| posonly.contains(name)).collect();
        let function = self.called(code);
        if wrong.is_empty() {
            let name = &others[0].0;
            let known = code.positional.iter().skip(code.posonly).chain(&code.kwonly);
            let known: Vec<&str> = known.map(String::as_str).collect();
            let hint = keyword_hint(name, &known);
            return self.type_error(&wording::unexpected_keyword(function, name, &hint));
        }
        let text = format!(
            "{function}() got some positional-only arguments passed as keyword arguments: '{}'",
            wrong.join(", ")
        );
        self.type_error(&text)
    }

    /// What is wrong with a number of arguments, where a version's texts count them.
    fn miscounted(&mut self, code: &Code, takes: (&str, usize), given: usize, by_name: bool) -> Failure {
        let kind =
            if by_name && self.cx.constants().has("call.counted-by-place") { "non-keyword " } else { "" };
        let text = wording::miscounted(self.called(code), takes, kind, given);
        self.type_error(&text)
    }

    /// That parameters got nothing, where a version's texts count what others got: the names in front of the defaults.
    fn check_count(
        &mut self,
        code: &Code,
        bound: &[(String, Id)],
        wanted: usize,
        by_name: bool,
    ) -> Result<(), Failure> {
        let is_bound = |name: &&String| bound.iter().any(|(known, _)| known == *name);
        let Some(first) = code.positional[..wanted].iter().position(|name| !is_bound(&name)) else {
            return Ok(());
        };
        let by_place = self.cx.constants().has("call.counted-by-place");
        let given = if by_place { first } else { code.positional.iter().filter(is_bound).count() };
        let open = wanted < code.positional.len() || code.star.is_some();
        Err(self.miscounted(code, (if open { "at least" } else { "exactly" }, wanted), given, by_name))
    }

    fn check_missing(&mut self, code: &Code, bound: &[(String, Id)]) -> Result<(), Failure> {
        for (kind, wanted) in [("positional", &code.positional), ("keyword-only", &code.kwonly)] {
            let missing = |name: &&String| !bound.iter().any(|(known, _)| known == *name);
            let missing: Vec<&str> = wanted.iter().filter(missing).map(String::as_str).collect();
            if !missing.is_empty() {
                let text = wording::missing(self.called(code), kind, missing.into_iter());
                return Err(self.type_error(&text));
            }
        }
        Ok(())
    }

    /// The locals of an activation: the arguments, a cell for each name that inner functions share, and the
    /// cells of outer functions. Cells are bound under `&name`.
    pub(super) fn locals(&mut self, code: &Code, bound: Vec<(String, Id)>, closure: Id) -> Id {
        let mut locals = self.cx.bank.make(vocabulary().no_names, &[]);
        let mut shared = bound.clone();
        shared.retain(|(name, _)| code.cells.contains(name));
        for (name, value) in bound.into_iter().filter(|(name, _)| !code.cells.contains(name)) {
            locals = self.with_local(locals, &name, value);
        }
        for name in &code.cells {
            let value = shared.iter().find(|(known, _)| known == name).map(|(_, value)| *value);
            let cell = self.new_cell(value);
            locals = self.with_local(locals, &format!("&{name}"), cell);
        }
        for name in &code.free {
            if let Some(cell) = self.lookup(closure, &format!("&{name}")) {
                locals = self.with_local(locals, &format!("&{name}"), cell);
            }
        }
        locals
    }

    fn with_local(&mut self, env: Id, name: &str, value: Id) -> Id {
        let name = self.atom(name);
        crate::python::values::shelf::bind(self.cx, env, name, Some(value))
    }

    fn new_cell(&mut self, value: Option<Id>) -> Id {
        let payload = match value {
            Some(value) => self.cx.bank.make(names().immutable, &[value]),
            None => self.cx.bank.make(names().plain, &[]),
        };
        let reference = self.allocate(payload);
        self.cx.bank.make(names().cell, &[reference])
    }

    /// The cells of the current activation that code which is made in it uses.
    pub fn captured(&mut self, free: &[String]) -> Id {
        let locals = self.cx.bank.arg(self.world, 0);
        let mut closure = self.cx.bank.make(vocabulary().no_names, &[]);
        for name in free {
            let name = format!("&{name}");
            if let Some(cell) = self.lookup(locals, &name) {
                closure = self.with_local(closure, &name, cell);
            }
        }
        closure
    }
}

impl Call<'_, '_> {
    /// Binds the arguments of the call to the names of a function, and makes its cells.
    pub(super) fn bind(&mut self, function: Id) -> Result<Id, Failure> {
        let code = self.code_of(function);
        let code = self.code(code);
        let kept = self.kept(function);
        let takes_nothing = code.positional.is_empty() && code.star.is_none() && code.double_star.is_none();
        if takes_nothing && !self.keywords.is_empty() && self.cx.constants().has("call.counted") {
            return Err(self.too_many(&code));
        }
        let mut bound = self.bind_positional(&code)?;
        self.bind_keywords(&code, &mut bound)?;
        if code.star.is_none() && self.args.len() > code.positional.len() {
            return Err(self.too_many(&code));
        }
        if self.cx.constants().has("call.counted") {
            let wanted = code.positional.len().saturating_sub(kept.defaults.len());
            let by_name = !self.keywords.is_empty();
            self.check_count(&code, &bound, wanted, by_name)?;
        }
        fill_defaults(&code, &kept, &mut bound);
        self.check_missing(&code, &bound)?;
        Ok(self.locals(&code, bound, kept.closure))
    }

    fn bind_positional(&mut self, code: &Code) -> Result<Vec<(String, Id)>, Failure> {
        let args = self.args.clone();
        let count = code.positional.len();
        let mut bound: Vec<(String, Id)> =
            code.positional.iter().cloned().zip(args.iter().copied()).collect();
        let extra = args.get(count..).unwrap_or_default();
        match &code.star {
            Some(star) => {
                let extra = self.tuple(extra);
                bound.push((star.clone(), extra));
            }
            None if !extra.is_empty() && self.cx.constants().has("call.counted") => {
                return Err(self.too_many(code));
            }
            None => {}
        }
        Ok(bound)
    }

    fn bind_keywords(&mut self, code: &Code, bound: &mut Vec<(String, Id)>) -> Result<(), Failure> {
        let (mut others, mut any) = (Vec::new(), None);
        for (name, value) in self.keywords.clone() {
            if name == hidden::OTHERS {
                any = Some(value);
                continue;
            }
            let nameable = code.positional.iter().skip(code.posonly).chain(&code.kwonly);
            if nameable.clone().any(|known| *known == name) {
                if bound.iter().any(|(known, _)| *known == name) {
                    let called = self.called(code);
                    let text = self.cx.constants().worded("given-twice", &[called, &name]);
                    return Err(self.type_error(&text));
                }
                bound.push((name, value));
            } else {
                others.push((name, value));
            }
        }
        match (&code.double_star, others.first()) {
            (Some(name), _) => {
                let entries: Vec<(Id, Id)> =
                    others.iter().map(|(name, value)| (self.str(name), *value)).collect();
                let dict = self.dict(&entries);
                if let Some(unknown) = any {
                    opening::open_as(self, dict, unknown, name);
                }
                bound.push((name.clone(), dict));
                Ok(())
            }
            (None, Some(_)) => Err(self.unexpected_keyword(code, &others)),
            (None, None) => Ok(()),
        }
    }

    fn too_many(&mut self, code: &Code) -> Failure {
        let given = self.args.len();
        let count = code.positional.len();
        if self.cx.constants().has("call.counted") {
            let by_place = self.cx.constants().has("call.counted-by-place");
            let given = if by_place { given } else { given + self.keywords.len() };
            let bound = if self.default_count > 0 { "at most" } else { "exactly" };
            let by_name = !self.keywords.is_empty();
            return self.miscounted(code, (bound, count), given, by_name);
        }
        let kwonly = |name: &&String| self.keywords.iter().any(|(given, _)| given == *name);
        let by_keyword = code.kwonly.iter().filter(kwonly).count();
        let bounds = [count.saturating_sub(self.default_count), count];
        let text = wording::too_many(self.called(code), bounds, given, by_keyword);
        self.type_error(&text)
    }
}

fn fill_defaults(code: &Code, kept: &Kept, bound: &mut Vec<(String, Id)>) {
    let first = code.positional.len().saturating_sub(kept.defaults.len());
    let positional = code.positional[first..].iter().cloned().zip(kept.defaults.iter().copied());
    for (name, value) in positional.chain(kept.kwdefaults.iter().cloned()) {
        if !bound.iter().any(|(known, _)| *known == name) {
            bound.push((name, value));
        }
    }
}
