# Reads a sheet of a workbook as readxl does and prints its rows, texts in hexadecimal.
suppressMessages(library(readxl))
args <- commandArgs(TRUE)
hex <- function(s) if (is.na(s)) "." else if (s == "") "-" else paste(as.character(charToRaw(enc2utf8(s))), collapse = "")
sheet <- if (grepl("^[0-9]+$", args[2])) as.integer(args[2]) else args[2]
d <- read_excel(args[1], sheet = sheet, col_types = "list", trim_ws = FALSE, na = character(0))
one <- function(x) {
  x <- x[[1]]
  if (is.null(x) || length(x) == 0 || (length(x) == 1 && is.na(x))) return(".")
  if (inherits(x, "POSIXct")) return(paste0("t", sprintf("%.17g", as.numeric(x))))
  if (is.numeric(x)) return(paste0("n", sprintf("%.17g", x)))
  paste0("s", hex(as.character(x)))
}
writeLines(paste(names(d), collapse = " "))
for (i in seq_len(nrow(d))) writeLines(paste(vapply(seq_along(d), function(k) one(d[[k]][i]), ""), collapse = " "))
