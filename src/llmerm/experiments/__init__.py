"""Experiments: many cells (a task, a method, a size, a seed), their tables and their figures.

    llmerm bench paper-table --out results

A `Bench` says which cells answer its question, `sweep` measures them on any executor and resumes
where it stopped, `run` does both and writes the tables, the figures and one report.
"""
