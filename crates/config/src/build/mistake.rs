use std::error::Error;
use std::fmt;

/// A mistake at one place of a tenant's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Counts lines from 1.
    pub line: usize,
    /// Counts characters of the line from 1.
    pub column: usize,
    /// Names the key, for example `form.fields[2].role`; empty for a mistake of syntax.
    pub path: String,
    /// Says what is wrong, and what was expected.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

/// Every mistake of a tenant's file, in the order of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistakes {
    /// Makes the file unusable; never empty.
    pub mistakes: Vec<Mistake>,
    /// Would not, but deserves a look.
    pub warnings: Vec<Mistake>,
}

impl Mistakes {
    /// Shows the mistakes, one a line, as compilers do: `file:line:column: key: message`.
    #[must_use]
    pub fn in_file(&self, file: &str) -> impl fmt::Display {
        let file = file.to_owned();
        let lines: Vec<String> = self
            .mistakes
            .iter()
            .map(|m| format!("{file}:{m}\n"))
            .collect();
        lines.concat()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, mistake) in self.mistakes.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{mistake}")?;
        }
        Ok(())
    }
}

impl Error for Mistakes {}
