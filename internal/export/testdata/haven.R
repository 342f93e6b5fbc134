# Reads a .sav as haven does, or runs a program of ours that reads a CSV file, and prints all that is in it, texts in hexadecimal:
#   var NAME LABEL FORMAT NA_VALUES VALUE=LABEL...
#   row CELL...
suppressMessages(library(haven))
hex <- function(s) if (is.na(s) || s == "") "-" else paste(as.character(charToRaw(enc2utf8(s))), collapse = "")
num <- function(x) ifelse(is.na(x), ".", sprintf("%.17g", x))
file <- commandArgs(TRUE)[1]
if (endsWith(file, ".R")) { setwd(dirname(file)); source(file, local = (e <- new.env())); d <- e$gegevens } else d <- read_sav(file, user_na = TRUE)
out <- character(0)
for (n in names(d)) {
  c <- d[[n]]
  or <- function(x, y) if (is.null(x)) y else x
  labels <- attr(c, "labels")
  out <- c(out, paste(c("var", n, hex(or(attr(c, "label"), "")), or(attr(c, "format.spss"), "-"),
    paste(or(attr(c, "na_values"), "-"), collapse = ","),
    if (length(labels)) paste0(num(unname(unclass(labels))), "=", vapply(names(labels), hex, ""))), collapse = " "))
}
cells <- lapply(names(d), function(n) {
  c <- d[[n]]
  if (is.character(c)) return(vapply(c, hex, "", USE.NAMES = FALSE))
  if (inherits(c, "POSIXct")) return(num(as.numeric(c)))
  num(as.numeric(unclass(c)))
})
for (i in seq_len(nrow(d))) out <- c(out, paste(c("row", vapply(cells, `[`, "", i)), collapse = " "))
writeLines(out)
