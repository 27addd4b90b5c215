//! A toy language goes the whole way, from its book to a verdict: the engine knows no Python.

use egg::{Id, Symbol};
use smallvec::smallvec;
use trylemma::book::Book;
use trylemma::book::chapters::Chapter;
use trylemma::book::version::Version;
use trylemma::check::{Findings, Monitors, Search};
use trylemma::diagnostic::Diagnostic;
use trylemma::limits::Limits;
use trylemma::machine::domain::{Context, Counted, Domain, Function, Results, Tables};
use trylemma::machine::{Bank, Engine, Graph, Machine, Successors};
use trylemma::term::{Term, parse_term};

const BOOK: &str = include_str!("errands.md");

/// Errands, as the engine asks of them.
#[derive(Debug)]
struct Errands;

impl Domain for Errands {
    fn function(&self, name: Symbol) -> Option<(Function, usize)> {
        Some(match name.as_str() {
            "farther" => (farther, 1),
            "ways" => (|_, args| args.into(), 2),
            "same" => (|_, args| if args[0] == args[1] { smallvec![args[0]] } else { smallvec![] }, 2),
            _ => return None,
        })
    }

    fn tables(&self, _book: &Book) -> Tables {
        Tables::new(())
    }

    fn counted(&self) -> Counted {
        Counted::default()
    }

    fn start(&self, bank: &mut Bank, body: Id, place: Id) -> Id {
        let end = bank.node("end", []);
        let world = bank.node("world", [place]);
        bank.node("go", [body, end, world])
    }

    fn collected(&self, _bank: &mut Bank, _state: Id, _world: usize, _others: &[Id]) -> Option<Id> {
        None
    }
}

fn farther(cx: &mut Context, args: &[Id]) -> Results {
    let place: u32 = cx.bank.op(args[0]).as_str().parse().unwrap_or_default();
    smallvec![cx.bank.node(&((place + 1) % 3).to_string(), [])]
}

fn load(text: &str) -> Result<Book, Diagnostic> {
    let chapters = vec![Chapter { file: "errands.md".into(), text: text.to_string().into() }];
    Book::load(chapters, Version::DEFAULT, |name| Errands.function(name).map(|(_, arity)| arity))
}

fn book() -> Book {
    load(BOOK).unwrap_or_else(|error| panic!("{error}"))
}

fn term(text: &str) -> Term {
    parse_term(text).expect("a term")
}

fn machine(book: &Book, engine: Engine) -> Machine {
    Machine::of(&Errands, book, Limits::default(), engine)
}

fn check(book: &Book, program: &str, engine: Engine) -> Findings {
    let mut machine = machine(book, engine);
    let watched: Vec<_> = book.properties.iter().map(|property| (property, None)).collect();
    let mut monitors = Monitors::new(&Errands, &book.grammar, &watched);
    let initial = machine.start(&term(program), &term("0"));
    Search::new(1).run(&mut machine, &mut monitors, initial)
}

/// Somebody who may walk on or be lost, again and again, and pays at the end.
const CAREFUL: &str = "(afterwards (forever (either (walk shop) fall)) rest)";

/// The same without paying.
const CARELESS: &str = "(forever (either (walk shop) fall))";

#[test]
fn its_table_has_one_rule_for_each_cell() {
    let book = book();
    assert!(book.table().is_ok_and(|table| table.determined > 10));
    for rule in book.rules.iter() {
        let text = BOOK.replace(book.rule_text(rule), "");
        let error = load(&text).expect_err("a cell has no rule").to_string();
        assert!(error.contains("no rule for the cell"), "without {}: {error}", rule.name);
    }
}

#[test]
fn both_engines_make_the_same_transitions() {
    let book = book();
    let [reference, compiled] = [Engine::Reference, Engine::Compiled].map(|engine| {
        let mut machine = machine(&book, engine);
        let initial = machine.start(&term(CAREFUL), &term("0"));
        let graph = Graph::explore(&mut machine, initial);
        let shown = |machine: &Machine, id: Id| machine.bank().show(id);
        let mut transitions = Vec::new();
        for state in &graph.states {
            if let Some(Successors::Edges(edges)) = machine.known(*state) {
                transitions.extend(edges.iter().map(|edge| {
                    (shown(&machine, *state), machine.rule_name(edge.rule), shown(&machine, edge.target))
                }));
            }
        }
        transitions
    });
    assert_eq!(reference, compiled);
    // The walk goes in a circle of three places, and each can be the last.
    assert_eq!(reference.iter().filter(|(_, rule, _)| *rule == "go/walk").count(), 3);
    assert_eq!(reference.iter().filter(|(_, rule, _)| *rule == "pay/enter").count(), 3);
}

#[test]
fn its_property_holds_where_it_should_and_is_refuted_where_not() {
    let book = book();
    for engine in [Engine::Reference, Engine::Compiled] {
        let careful = check(&book, CAREFUL, engine);
        assert!(careful.refutations.is_empty() && careful.breakdown.is_none() && careful.limit.is_none());
        assert_eq!(careful.ended.len(), 3, "lost, in each of the three places");
        let careless = check(&book, CARELESS, engine);
        assert_eq!(careless.refutations.len(), 1);
        assert_eq!(careless.refutations[0].reason, "the end came, and nobody had paid");
    }
}

#[test]
fn a_changed_rule_is_told() {
    let text = BOOK.replace("(go ?p (push (owing ?o) ?k) ?w)      ! pays", "(go ?p (push (owing ?o) ?k) ?w)");
    let book = load(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(check(&book, CAREFUL, Engine::Compiled).refutations.len(), 1);
}
