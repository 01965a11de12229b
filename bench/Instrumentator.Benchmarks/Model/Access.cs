namespace Instrumentator.Benchmarks;

/// <summary>What a core does to a cache line: it reads or writes it.</summary>
internal readonly record struct Access(long Line, bool Writes);
