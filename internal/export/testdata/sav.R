# Reads a .sav as haven does and prints its variables, and its rows as CSV, for people to read.
suppressMessages(library(haven))
d <- read_sav(commandArgs(TRUE)[1], user_na = TRUE)
for (n in names(d)) {
  c <- d[[n]]
  labels <- attr(c, "labels")
  cat(n, " [", attr(c, "format.spss"), "] ", attr(c, "label"), "\n", sep = "")
  if (length(labels)) cat(paste0("    ", unname(unclass(labels)), " ", names(labels), ifelse(unname(unclass(labels)) %in% attr(c, "na_values"), " (ontbreekt)", ""), "\n"), sep = "")
}
plain <- lapply(d, function(c) if (inherits(c, "POSIXct")) format(c, "%Y-%m-%dT%H:%M:%SZ", tz = "UTC") else if (is.character(c)) encodeString(as.character(c)) else as.numeric(unclass(c)))
write.csv(as.data.frame(plain, check.names = FALSE), row.names = FALSE, na = "")
