//! Names that are bound: which may be, and that the parameters of a function and the arguments of a call have each one once.

use ruff_python_ast::{Arguments, Expr, Keyword, Parameters, Stmt};
use ruff_text_size::Ranged;

use crate::python::syntax::old::tree::Tree;
use crate::python::syntax::old::{Read, Reader};

impl Reader<'_, '_> {
    /// That a name may be bound, which stands at a place.
    pub(super) fn bindable(&self, place: &impl Ranged, name: &str) -> Read<()> {
        let fixed = name == "None" && self.source.timeline.has("syntax.none-fixed")
            || name == "__debug__" && self.source.timeline.has("syntax.debug-fixed");
        if fixed { self.error(place, &format!("cannot assign to {name}")) } else { Ok(()) }
    }

    /// The same of the word that a part is.
    pub(super) fn bound(&self, part: &Tree) -> Read<()> {
        self.bindable(part, self.text(part))
    }

    /// Whether the file assigns to a name that is no keyword yet: `True = 0`.
    pub(super) fn is_assigned(&self, name: &str) -> bool {
        let text = self.source.text;
        text.match_indices(name).any(|(place, _)| {
            let around = |char: char| char.is_alphanumeric() || char == '_' || char == '.';
            let behind = text[place + name.len()..].trim_start_matches([' ', '\t']);
            !text[..place].ends_with(around) && behind.starts_with('=') && !behind.starts_with("==")
        })
    }

    /// That parameters with defaults come last, and that each name is there once.
    pub(super) fn distinct(&self, parameters: &Parameters, first: &[Stmt]) -> Read<()> {
        let mut defaults = parameters.args.iter().skip_while(|parameter| parameter.default.is_none());
        if let Some(late) = defaults.find(|parameter| parameter.default.is_none()) {
            return self.error(late, "non-default argument follows default argument");
        }
        let mut names: Vec<&str> = Vec::new();
        for parameter in parameters.iter() {
            self.once(&parameter.name().range, parameter.name().as_str(), &mut names)?;
        }
        let targets = first.iter().filter_map(Stmt::as_assign_stmt).flat_map(|assign| &assign.targets);
        targets.into_iter().try_for_each(|target| self.once_each(target, &mut names))
    }

    fn once_each<'e>(&self, target: &'e Expr, names: &mut Vec<&'e str>) -> Read<()> {
        match target {
            Expr::Tuple(tuple) => tuple.elts.iter().try_for_each(|inner| self.once_each(inner, names)),
            Expr::Name(name) => self.once(&name.range, &name.id, names),
            _ => Ok(()),
        }
    }

    fn once<'e>(&self, place: &impl Ranged, name: &'e str, names: &mut Vec<&'e str>) -> Read<()> {
        self.bindable(place, name)?;
        if ["True", "False"].contains(&name) {
            return Err(self.source.refuse(place, &format!("a parameter `{name}`")));
        }
        if names.contains(&name) {
            return self.error(place, &format!("duplicate argument '{name}' in function definition"));
        }
        names.push(name);
        Ok(())
    }

    /// That a keyword is given for the first time.
    pub(super) fn given_once(&self, keyword: &Keyword, keywords: &[Keyword]) -> Read<()> {
        let Some(name) = &keyword.arg else { return Ok(()) };
        self.bindable(name, name.as_str())?;
        let known = keywords.iter().filter_map(|keyword| keyword.arg.as_ref());
        match known.into_iter().any(|known| known.as_str() == name.as_str()) {
            true => self.error(keyword, "keyword argument repeated"),
            false => Ok(()),
        }
    }

    /// That a generator expression without parentheses of its own is the only argument.
    pub(super) fn alone(&self, arguments: &Arguments) -> Read<()> {
        let bare = |arg: &&Expr| arg.as_generator_expr().is_some_and(|generator| !generator.parenthesized);
        match arguments.args.iter().find(bare) {
            Some(generator) if arguments.args.len() + arguments.keywords.len() > 1 => {
                self.error(generator, "Generator expression must be parenthesized if not sole argument")
            }
            _ => Ok(()),
        }
    }
}
