using BenchmarkDotNet.Running;
using Instrumentator.Benchmarks;

string? Value(string option) => args.SkipWhile(argument => argument != option).Skip(1).FirstOrDefault();

if (Value("--case") is { } name)
    CaseServer.Serve(Catalogue.All.First(one => one.Name == name));
else if (Value("--serve") is { } variant)
    await WebServer.RunAsync(variant, int.Parse(Value("--port") ?? "0"));
else if (args.Contains("--pauses"))
    PausesRun.Run(int.Parse(Value("--series") ?? "1000000"));
else if (args.Contains("--quick"))
    QuickRun.Run(QuickOptions.Parse(Value));
else
    BenchmarkSwitcher.FromAssembly(typeof(Catalogue).Assembly).Run(args);
