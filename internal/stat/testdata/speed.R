# Computes what speed_test.go computes, of the same answers, with R's own functions
# where it has them and else in vectors; and tells how long each took without
# reading the file. Packages that are not there leave NaN.
# Arguments: the answers, where the numbers go.
args <- commandArgs(TRUE)
options(warn = -1)
d <- if (requireNamespace("data.table", quietly = TRUE)) as.data.frame(data.table::fread(args[1], showProgress = FALSE)) else read.csv(args[1])
items <- as.matrix(d[1:5]); yes <- as.matrix(d[6:8]); x <- d$x; y <- d$y; g <- factor(d$g)
a <- x[d$g == 0]; b <- x[d$g == 1]; n <- nrow(d)
has <- function(p) requireNamespace(p, quietly = TRUE)
counts <- function() table(factor(d$i1, 1:5), factor(d$i2, 1:5))
known <- counts(); ps <- 2 * pnorm(-abs(x) / 4 * sqrt(2))
tail_of <- function(x) x$statistic[[1]]
make <- list(
  "Describe" = function() { mean(x); sd(x) }, "Median" = function() median(x), "QuantileOf" = function() quantile(x, .3, type = 6, names = FALSE),
  "Wilson" = function() prop.test(sum(d$g == 0), n, correct = FALSE)$conf.int[2], "Goodness" = function() tail_of(chisq.test(table(d$g))),
  "Independence" = function() tail_of(chisq.test(counts(), correct = FALSE)), "FisherMonteCarlo" = function() fisher.test(known, simulate.p.value = TRUE, B = 10000)$p.value,
  "StudentTest" = function() tail_of(t.test(a, b, var.equal = TRUE)), "WelchTest" = function() t.test(a, b)$p.value, "PairedTest" = function() tail_of(t.test(x, y, paired = TRUE)),
  "Anova" = function() tail_of(oneway.test(x ~ g, var.equal = TRUE)), "WelchAnova" = function() oneway.test(x ~ g)$p.value,
  "Levene" = function() { z <- abs(x - ave(x, g, FUN = median)); tail_of(oneway.test(z ~ g, var.equal = TRUE)) },
  "Tukey" = function() TukeyHSD(aov(x ~ g))$g[1, 3],
  "GamesHowellTest" = function() { m <- tapply(x, g, mean); v <- tapply(x, g, var) / tapply(x, g, length); k <- tapply(x, g, length); df <- (v[1] + v[2])^2 / (v[1]^2 / (k[1] - 1) + v[2]^2 / (k[2] - 1)); m[2] - m[1] + qtukey(.95, 4, df) * sqrt((v[1] + v[2]) / 2) },
  "Correlation" = function() cor.test(x, y)$conf.int[1], "Spearman" = function() cor(x, y, method = "spearman"),
  "MannWhitney" = function() wilcox.test(a, b, exact = FALSE)$p.value, "Wilcoxon" = function() tail_of(wilcox.test(x, y, paired = TRUE, exact = FALSE)),
  "SignTest" = function() { up <- sum(x > y); tail_of(binom.test(up, up + sum(x < y))) }, "KruskalWallis" = function() tail_of(kruskal.test(x, g)),
  "McNemar" = function() tail_of(mcnemar.test(table(d$b1, d$b2), correct = FALSE)),
  "CochranQ" = function() { k <- 3; c <- colSums(yes); r <- rowSums(yes); (k - 1) * (k * sum(c^2) - sum(c)^2) / (k * sum(r) - sum(r^2)) },
  "StuartMaxwell" = function() { s <- -(known + t(known)); diag(s) <- rowSums(known) + colSums(known) - 2 * diag(known); e <- (rowSums(known) - colSums(known))[-5]; sum(e * solve(s[-5, -5], e)) },
  "KappaOf" = function() { p <- known / sum(known); e <- sum(rowSums(p) * colSums(p)); (sum(diag(p)) - e) / (1 - e) },
  "Krippendorff" = function() { f <- sapply(1:5, function(v) rowSums(items == v, na.rm = TRUE)); f <- f[rowSums(f) > 1, ]; o <- crossprod(f / (rowSums(f) - 1), f) - diag(colSums(f / (rowSums(f) - 1))); c <- colSums(f); at <- cumsum(c) - c / 2; e <- outer(at, at, "-")^2; 1 - sum(o * e) * (sum(c) - 1) / sum(outer(c, c) * e) },
  "Friedman" = function() { # friedman.test ranks row by row: eleven minutes for a million
    z <- items[complete.cases(items), ]; m <- nrow(z); k <- 5
    same <- sapply(1:k, function(j) rowSums(z == z[, j])); r <- sapply(1:k, function(j) rowSums(z < z[, j])) + (same + 1) / 2
    12 * sum((colSums(r) - m * (k + 1) / 2)^2) / (m * k * (k + 1) - sum(same^2 - 1) / (k - 1))
  },
  "AlphaOf" = function() { s <- cov(items, use = "complete.obs"); k <- 5; drop <- sapply(1:k, function(j) sum(diag(s)[-j]) / sum(s[-j, -j])); k / (k - 1) * (1 - sum(diag(s)) / sum(s)) },
  "Correlations" = function() cor(items, use = "pairwise.complete.obs")[5, 1],
  "StructureOf" = function() if (has("psych")) { r <- cor(items, use = "complete.obs"); k <- psych::KMO(r)$MSA; psych::fa(r, 1, fm = "pa", rotate = "none"); m <- sum(complete.cases(items)); replicate(20, eigen(cor(matrix(rnorm(5 * m), m)))$values[1]); k } else NaN, # 20 draws for our 200
  "MinRes, Oblimin" = function() if (has("psych") && has("GPArotation")) psych::fa(cor(items, use = "complete.obs"), 2, fm = "minres", rotate = "oblimin")$communality[1] else NaN,
  "OmegaOf" = function() if (has("psych")) { f <- psych::fa(cor(items, use = "complete.obs"), 1, fm = "minres", rotate = "none"); sum(f$loadings)^2 / (sum(f$loadings)^2 + sum(f$uniquenesses)) } else NaN,
  "Polychoric" = function() if (has("polycor")) polycor::polychor(counts(), ML = FALSE) else NaN,
  "Holm" = function() p.adjust(ps, "holm")[1], "BenjaminiHochberg" = function() p.adjust(ps, "BH")[1])
set.seed(1)
lines <- vapply(names(make), function(name) {
  gc(); start <- proc.time()[["elapsed"]]
  value <- as.numeric(suppressMessages(make[[name]]()))
  sprintf("%s\t%.6f\t%s", name, proc.time()[["elapsed"]] - start, format(value, digits = 17))
}, "")
writeLines(lines, args[2])
