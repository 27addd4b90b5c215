//! The module that plays paths back: its own text, and the paths as Python writes them.

use std::collections::BTreeSet;
use std::fmt::Write;

use egg::Id;

use crate::generate::played::{Played, Unplayable};
use crate::machine::Bank;
use crate::python::values::literals::str_repr;
use crate::python::{FunctionInfo, Program};
use crate::term::unescape;

/// The module without its paths.
const MODULE: &str = concat!(
    include_str!("playback/head.py"),
    include_str!("playback/values.py"),
    include_str!("playback/hooks.py"),
    include_str!("playback/play.py")
);

/// What is read of modules that Python has and that the model does not know, as it was met: `os.O_DIRECTORY`.
pub fn absent(bank: &Bank, program: &Program) -> Vec<String> {
    let names = (0..bank.len()).map(Id::from).filter(|id| {
        let node = bank.get(*id);
        node.op.as_str() == "unknown" && node.args.len() == 3
    });
    let names = names.map(|id| unescape(bank.op(bank.arg(id, 0)).as_str()));
    let dotted = names.filter(|name| {
        let first = name.split('.').next().unwrap_or_default();
        first.len() < name.len()
            && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '.')
            && !program.unknowns.iter().any(|unknown| unknown == first)
    });
    dotted.collect::<BTreeSet<String>>().into_iter().collect()
}

/// The module that plays paths of a program back; paths that cannot be, and that there are `more`, are told in a comment.
pub fn module(
    program: &Program,
    provenance: &str,
    entry: Option<&FunctionInfo>,
    absent: &[String],
    (paths, more): (&[Result<Played, Unplayable>], bool),
) -> String {
    let mut list = String::from("[\n");
    for (index, path) in paths.iter().enumerate() {
        let number = index + 1;
        let _ = match path {
            Ok(Played { script, known, ending }) => writeln!(
                list,
                "    ('path {number}', [{}], {{{}}}, {}),",
                script.join(", "),
                known.join(", "),
                str_repr(ending)
            ),
            Err(why) => writeln!(list, "    # path {number} is not played back: {}", why.replace('\n', " ")),
        };
    }
    if more {
        let _ = writeln!(list, "    # … more paths; see them with --paths {}", paths.len() * 10);
    }
    list.push(']');
    let names = |names: &[String]| names.iter().map(|name| str_repr(name)).collect::<Vec<_>>().join(", ");
    let entry = match entry {
        Some(FunctionInfo { name, params, entering, .. }) => {
            let kind = entering.as_ref().map_or("function", |entering| entering.kind);
            format!("{}, {}, [{}]", str_repr(name), str_repr(kind), names(params))
        }
        None => "None".into(),
    };
    let modules = program
        .modules
        .iter()
        .map(|(name, module)| format!("{}: {}", str_repr(name), str_repr(&module.text)));
    let modules: Vec<String> = modules.collect();
    let filled = [
        ("{provenance}", provenance.replace('\n', " ")),
        ("{source}", str_repr(&program.source)),
        ("{file}", str_repr(&program.name)),
        ("{entry}", entry),
        ("{absent}", format!("[{}]", names(absent))),
        ("{classes}", format!("[{}]", names(&program.raises))),
        ("{unknown}", format!("[{}]", names(&program.unknowns))),
        ("{modules}", format!("{{{}}}", modules.join(", "))),
        ("{paths}", list),
    ];
    let mut out = String::new();
    for piece in MODULE.split_inclusive('}') {
        match filled.iter().find(|(mark, _)| piece.ends_with(mark)) {
            Some((mark, text)) => out.extend([&piece[..piece.len() - mark.len()], text]),
            None => out.push_str(piece),
        }
    }
    out
}
