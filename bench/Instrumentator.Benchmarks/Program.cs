using Instrumentator.Benchmarks;

await BenchmarkProgram.RunAsync(args, Catalogue.All);
