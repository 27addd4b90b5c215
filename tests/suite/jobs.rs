//! Long jobs of `trylemma check --size`: killed and resumed, cut short, mistaken for another.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::common::{TRYLEMMA, complaint, edited_book, ok, one_complaint, text, trylemma};

/// A folder, and the name of a file in it that is not there yet.
fn place() -> (TempDir, PathBuf) {
    let folder = TempDir::new().expect("a temporary folder");
    let path = folder.path().join("job.ron");
    (folder, path)
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}

/// The names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

/// A job of some seconds, saved more than once on the way.
const LONG: [&str; 7] = ["check", "--fragment", "jn", "--size", "9", "--format", "json"];

/// Starts the job, and kills it as soon as the file tells of more than it did before. Whether it
/// was killed, and did not come to its end first.
fn killed_midway(path: &Path) -> bool {
    let before = std::fs::read(path).ok();
    let mut child = std::process::Command::new(TRYLEMMA)
        .args(LONG)
        .args(["--threads", "1", "--resume", shown(path)])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("the binary starts");
    let began = Instant::now();
    while std::fs::read(path).ok() == before {
        assert!(began.elapsed() < Duration::from_secs(120), "nothing is saved");
        if child.try_wait().expect("the child is ours").is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    // SIGKILL: it has no chance to put anything in order.
    child.kill().expect("it can be killed");
    child.wait().expect("it ends").code().is_none()
}

#[test]
fn a_killed_job_is_resumed_to_the_report_of_an_undisturbed_one() {
    let (_folder, path) = place();
    let resumed = [&LONG[..], &["--resume", shown(&path)]].concat();
    assert!(killed_midway(&path), "the job ended before it was killed: it is too short");
    let after_one = std::fs::read(&path).expect("the file is there");
    assert!(killed_midway(&path), "the job ended before it was killed again: it is too short");
    assert_ne!(std::fs::read(&path).expect("the file is there"), after_one);
    let report = ok(&resumed);
    assert_eq!(report, ok(&LONG));
    let complete = std::fs::read(&path).expect("the file is there");
    assert_eq!(ok(&resumed), report);
    assert_eq!(std::fs::read(&path).expect("the file is there"), complete);
}

/// A short job's arguments, with the file to resume from.
fn short<'a>(path: &'a Path, more: &[&'a str]) -> Vec<&'a str> {
    [&["check", "--size", "3", "--resume", shown(path)][..], more].concat()
}

/// The file of a short job that is complete.
fn complete() -> (TempDir, PathBuf) {
    let (folder, path) = place();
    ok(&short(&path, &[]));
    (folder, path)
}

/// Asserts that the file stays as it is, and nothing else appears beside it.
fn untouched(folder: &TempDir, path: &Path, what: impl FnOnce()) {
    let before = std::fs::read(path).expect("the file is there");
    what();
    assert_eq!(std::fs::read(path).expect("the file is there"), before);
    assert_eq!(names(folder.path()), ["job.ron"]);
}

#[test]
fn a_job_leaves_its_file_and_nothing_else() {
    let (folder, path) = complete();
    untouched(&folder, &path, || {
        let report = ok(&short(&path, &["--format", "json"]));
        assert_eq!(report, ok(&["check", "--size", "3", "--format", "json"]));
    });
}

#[test]
fn threads_and_memory_may_change_from_one_run_to_the_next() {
    let (folder, path) = complete();
    untouched(&folder, &path, || {
        ok(&short(&path, &["--threads", "3", "--memory", "2MiB"]));
    });
}

#[test]
fn a_file_that_is_cut_short_is_refused() {
    for keep in [0, 1, 100, 500] {
        let (folder, path) = complete();
        let content = std::fs::read(&path).expect("the file is there");
        std::fs::write(&path, &content[..keep]).expect("it can be written");
        untouched(&folder, &path, || {
            assert!(complaint(&short(&path, &[])).contains(shown(&path)));
        });
    }
}

#[test]
fn a_file_with_a_changed_figure_is_refused() {
    let (folder, path) = complete();
    let content = std::fs::read_to_string(&path).expect("the file is there");
    let changed = content.replacen("programs: 522", "programs: 523", 1);
    assert_ne!(changed, content);
    std::fs::write(&path, changed).expect("it can be written");
    untouched(&folder, &path, || {
        assert!(complaint(&short(&path, &[])).contains("checksum"));
    });
}

#[test]
fn a_file_of_another_book_is_refused() {
    let (folder, path) = complete();
    let leave = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?a ?k ?w)";
    let keep = "(done ?a (push (pending ?c) ?k) ?w)\n ~> (done ?c ?k ?w)";
    let other = edited_book(&[("08-finally.md", leave, keep)]);
    untouched(&folder, &path, || {
        let message = complaint(&short(&path, &["--semantics", shown(other.path())]));
        assert!(message.contains("part of another job: rules"), "{message}");
    });
}

#[test]
fn a_file_of_other_flags_is_refused_and_the_difference_named() {
    let (folder, path) = complete();
    let others: [(&[&str], &str); 7] = [
        (&["--fragment", "closed"], "fragment core"),
        (&["--method", "narrow"], "method enumerate"),
        (&["--engine", "reference"], "engine compiled"),
        (&["--limit", "states=999"], "limits"),
        (&["--python", "3.10"], "Python 3.14 there, and 3.10 here"),
        (&["--hazards"], "properties"),
        (&["--property", "finally-exactly-once"], "properties"),
    ];
    untouched(&folder, &path, || {
        for (flags, says) in others {
            let message = complaint(&short(&path, flags));
            assert!(message.contains("part of another job"), "{flags:?}: {message}");
            assert!(message.contains(says), "{flags:?}: {message}");
        }
        let message = complaint(&["check", "--size", "2", "--resume", shown(&path)]);
        assert!(message.contains("part of another job: sizes"), "{message}");
    });
}

#[test]
fn a_file_where_none_can_be_is_one_error() {
    let (folder, path) = complete();
    let missing = folder.path().join("missing").join("job.ron");
    let inside = path.join("job.ron");
    untouched(&folder, &path, || {
        for place in [&missing, &inside] {
            let message = complaint(&short(place, &[]));
            assert!(message.contains("cannot be saved") && message.contains(shown(place)), "{message}");
        }
        assert!(complaint(&short(folder.path(), &[])).contains(shown(folder.path())));
    });
}

#[test]
fn a_full_disk_leaves_what_was_saved_before() {
    let (folder, path) = complete();
    untouched(&folder, &path, || {
        // No file may grow beyond nothing, and the signal that says so is ignored: writing fails.
        let script = "ulimit -f 0; trap '' XFSZ; exec \"$0\" \"$@\"";
        let output = std::process::Command::new("sh")
            .args(["-c", script, TRYLEMMA])
            .args(short(&path, &[]))
            .output()
            .expect("the shell runs");
        let message = one_complaint(&output, "a full disk");
        assert!(message.contains("what is done cannot be saved"), "{message}");
    });
}

#[test]
fn flags_that_make_no_sense_are_one_error_each() {
    let (folder, path) = complete();
    untouched(&folder, &path, || {
        for flags in [
            &["--shard", "4/3"][..],
            &["--shard", "0/3"],
            &["--shard", "3"],
            &["--memory", "1"],
            &["--memory", "much"],
            &["--memory", "99999999999GiB"],
            &["--threads", "0"],
            &["--method", "narrow", "--engine", "reference"],
        ] {
            let message = complaint(&short(&path, flags));
            let value = flags[1].trim_start_matches('-');
            assert!(
                message.contains(value) || message.contains("--engine reference"),
                "{flags:?}: {message}"
            );
        }
    });
    assert!(complaint(&["check", "--size", "3", "--shard", "1/3"]).contains("--resume"));
}

#[test]
fn shards_in_files_of_their_own_do_the_whole_work() {
    let programs = |path: &Path, shard: &str| -> u64 {
        let report =
            ok(&["check", "--size", "4", "--resume", shown(path), "--shard", shard, "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&report).expect("the report is JSON");
        assert_eq!(report["properties"].as_array().map(Vec::len), Some(0), "a shard has no verdict");
        report["subjects"][0]["programs"].as_u64().expect("a number of programs")
    };
    let folder = TempDir::new().expect("a temporary folder");
    let shards = ["1/3", "2/3", "3/3"].iter().enumerate();
    let done = shards.map(|(place, shard)| programs(&folder.path().join(format!("{place}.ron")), shard));
    assert_eq!(done.sum::<u64>(), 7 + 16 + 522 + 15_656);
}

#[test]
fn flags_about_all_programs_are_refused_beside_a_file() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/login.py");
    for flags in [["--resume", "job.ron"], ["--fragment", "j"], ["--method", "narrow"]] {
        assert!(complaint(&["check", flags[0], flags[1], file]).contains("--size"), "{flags:?}");
    }
}

#[test]
fn a_job_with_first_says_the_same_from_the_file_of_a_complete_one() {
    let (_folder, path) = place();
    let job = ["check", "--size", "4", "--hazards", "--format", "json"];
    let output = |more: &[&str]| text(&trylemma(&[&job[..], more].concat()).stdout);
    output(&["--resume", shown(&path)]);
    let undisturbed = output(&["--first"]);
    assert_eq!(output(&["--first", "--resume", shown(&path)]), undisturbed);
}
