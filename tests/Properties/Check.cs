using System.Globalization;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;
using Xunit.Sdk;
using TestResult = FsCheck.TestResult;

namespace Instrumentator.Properties;

/// <summary>Runs a property: a law that must hold for every generated case. A law fails by throwing, as assertions
/// do.</summary>
internal static class Check
{
    /// <summary>The environment variable for the seed that a failure printed. If set, every property runs only that
    /// case.</summary>
    public const string SeedVariable = "INSTRUMENTATOR_SEED";

    /// <summary>The environment variable for the maximum number of cases of a property, for runs that repeat all
    /// properties very often (eng/mutate).</summary>
    public const string MostCasesVariable = "INSTRUMENTATOR_MOST_CASES";

    public static void Holds<T>(Gen<T> cases, Action<T> law, int tests = 300, string? seed = null) =>
        Holds(Arb.From(cases), law, tests, seed);

    public static void Holds<T>(Arbitrary<T> cases, Action<T> law, int tests = 300, string? seed = null) =>
        Run(Prop.ForAll(cases, law), tests, seed ?? Environment.GetEnvironmentVariable(SeedVariable));

    public static void Holds<T>(Gen<T> cases, Func<T, Task> law, int tests = 300, string? seed = null) =>
        Run(Prop.ForAll(Arb.From(cases), law), tests, seed ?? Environment.GetEnvironmentVariable(SeedVariable));

    private static void Run(Property property, int tests, string? seed)
    {
        var runner = new Runner();
        var config = FsCheck.Config.Quick.WithRunner(runner);
        config = string.IsNullOrEmpty(seed)
            ? config.WithMaxTest(CasesOf(tests, Environment.GetEnvironmentVariable(MostCasesVariable)))
            : Replaying(config.WithMaxTest(1), seed);
        FsCheck.Check.One(config, property);
        if (runner.Failure is { } failure)
            throw failure;
    }

    public static int CasesOf(int tests, string? most) =>
        string.IsNullOrEmpty(most)
            ? tests
            : Math.Min(tests, int.Parse(most, NumberStyles.None, CultureInfo.InvariantCulture));

    private static FsCheck.Config Replaying(FsCheck.Config config, string seed)
    {
        var parts = seed.Split(',');
        if (parts.Length == 3
            && ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && ulong.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var gamma)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var size))
        {
            return config.WithReplay(value, gamma, size);
        }
        throw new ArgumentException(
            $"\"{seed}\" is no seed. Give {SeedVariable} exactly the value that a failed property printed.",
            nameof(seed));
    }

    /// <summary>Keeps the failure; FsCheck's own runners print it to the console.</summary>
    private sealed class Runner : IRunner
    {
        public XunitException? Failure { get; private set; }

        public void OnStartFixture(Type t) { }

        public void OnArguments(
            int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        { }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink) { }

        public void OnFinished(string name, TestResult testResult)
        {
            if (testResult is TestResult.Failed failed)
                Failure = Falsified(failed);
            else if (testResult is TestResult.Exhausted)
                Failure = new XunitException("No verdict: too few of the generated cases were good for anything.");
        }

        private static XunitException Falsified(TestResult.Failed failed)
        {
            return new XunitException($"""
                Falsified after {failed.Item1.NumberOfTests} tests and {failed.Item1.NumberOfShrinks} shrinks.
                Shrunk case: {Show.Value(failed.Item3.Single())}
                First case: {Show.Value(failed.Item2.Single())}
                To replay: {SeedVariable}={failed.Item6.Seed},{failed.Item6.Gamma},{failed.Item7} dotnet test
                """, (failed.Item4 as Outcome.Failed)?.Item);
        }
    }
}
