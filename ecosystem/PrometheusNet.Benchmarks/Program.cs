using Instrumentator.Benchmarks;
using Instrumentator.Benchmarks.PrometheusNet;

await BenchmarkProgram.RunAsync(args, [.. Catalogue.All, .. PeerRequests.All, .. PeerScrapes.All, .. PeerMemory.All]);
