//! The library of a book: what of the language is written in the language itself, by module.
//!
//! The book carries the texts; what they mean is the language's business, which may keep what it made of them here, so
//! that all copies of a book share it.

use std::any::Any;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use include_dir::Dir;
use sha2::{Digest, Sha256};

use crate::diagnostic::Diagnostic;

/// The ending of a module's file.
const ENDING: &str = "py";

/// A module of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Module {
    /// The file's name, as errors show it.
    pub file: String,
    /// The whole text; that of the modules that the crate was built with is not copied.
    pub text: Cow<'static, str>,
}

/// The modules of a book's library. Copies share the texts and what was made of them.
#[derive(Clone, Default)]
pub struct Library {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    modules: BTreeMap<String, Module>,
    made: OnceLock<Arc<dyn Any + Send + Sync>>,
}

impl fmt::Debug for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.shared.modules.keys()).finish()
    }
}

impl Library {
    /// A library of these modules, by name.
    pub fn new(modules: BTreeMap<String, Module>) -> Library {
        Library { shared: Arc::new(Shared { modules, made: OnceLock::new() }) }
    }

    /// The modules of a folder that the crate was built with.
    pub fn embedded(folder: &'static Dir<'static>) -> Library {
        let mut modules = BTreeMap::new();
        collect_embedded(folder, folder.path(), &mut modules);
        Library::new(modules)
    }

    /// The modules (`*.py`) of a folder and the folders in it.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Library, Diagnostic> {
        let mut modules = BTreeMap::new();
        collect(folder, folder, &mut modules)?;
        Ok(Library::new(modules))
    }

    /// The module of that name.
    pub fn module(&self, name: &str) -> Option<&Module> {
        self.shared.modules.get(name)
    }

    /// Its text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.module(name).map(|module| &*module.text)
    }

    /// The modules, by name.
    pub fn modules(&self) -> impl Iterator<Item = (&str, &Module)> {
        self.shared.modules.iter().map(|(name, module)| (name.as_str(), module))
    }

    /// Whether there is no module.
    pub fn is_empty(&self) -> bool {
        self.shared.modules.is_empty()
    }

    /// What the language made of the library, made when it is asked for first.
    pub fn made<T: Any + Send + Sync>(&self, make: impl FnOnce(&Library) -> T) -> Arc<T> {
        let made = self.shared.made.get().cloned().map(Arc::downcast::<T>);
        if let Some(Ok(made)) = made {
            return made;
        }
        let new = Arc::new(make(self));
        // Where another thread was faster, what it made is as good.
        let _ = self.shared.made.set(new.clone());
        new
    }

    /// Adds names and texts to a hash of the rules; no library leaves it as it is.
    pub(crate) fn hashed(&self, rules: &str) -> String {
        if self.is_empty() {
            return rules.to_string();
        }
        let mut hasher = Sha256::new();
        hasher.update(rules.as_bytes());
        for (name, module) in self.modules() {
            for part in [name, &module.text] {
                hasher.update([0]);
                hasher.update(part.as_bytes());
            }
        }
        hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// `collections/abc.py` is the module `collections.abc`.
fn module_name(folder: &Path, file: &Path) -> Option<String> {
    let inside = file.strip_prefix(folder).ok()?.with_extension("");
    let parts: Option<Vec<&str>> = inside.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("."))
}

fn is_module(file: &Path) -> bool {
    file.extension().is_some_and(|ending| ending == ENDING)
}

fn collect_embedded(folder: &'static Dir<'static>, top: &Path, modules: &mut BTreeMap<String, Module>) {
    for file in folder.files().filter(|file| is_module(file.path())) {
        if let (Some(name), Some(text)) = (module_name(top, file.path()), file.contents_utf8()) {
            let file = format!("semantics/{}", file.path().display());
            modules.insert(name, Module { file, text: text.into() });
        }
    }
    for inner in folder.dirs() {
        collect_embedded(inner, top, modules);
    }
}

fn collect(folder: &Path, top: &Path, modules: &mut BTreeMap<String, Module>) -> Result<(), Diagnostic> {
    let unreadable = |path: &Path, error: &dyn fmt::Display| {
        Diagnostic::new(format!("cannot read the library: {error}"), path.display().to_string())
            .help("the folder library/ of a book holds modules of Python, as the project's own semantics/library/ does")
    };
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let path = entry.map_err(|error| unreadable(folder, &error))?.path();
        if path.is_dir() {
            collect(&path, top, modules)?;
        } else if is_module(&path) {
            let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
            let name = module_name(top, &path)
                .ok_or_else(|| unreadable(&path, &"the file's name is no UTF-8 text"))?;
            modules.insert(name, Module { file: path.display().to_string(), text: text.into() });
        }
    }
    Ok(())
}
