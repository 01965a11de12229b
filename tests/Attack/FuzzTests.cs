using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Instrumentator.Attack;

/// <summary>Bytes that nobody should send, to Kestrel and to us.</summary>
public sealed class FuzzTests
{
    private const int AtOnce = 48;
    private const int Batch = 400;

    [Fact]
    public async Task The_corpus_hurts_neither_the_app_nor_the_numbers()
    {
        Assert.InRange(Corpus.All.Count, 500, int.MaxValue);

        await FuzzAsync(Corpus.All.Chunk(Batch).Select((inputs, i) => (inputs, $"batch {i} of the corpus")));
    }

    [Fact]
    public async Task Mutations_of_the_corpus_hurt_neither_the_app_nor_the_numbers()
    {
        var (seed, time, watch) = (Budget.Seed(), Budget.Of(20), Stopwatch.StartNew());
        TestContext.Current.TestOutputHelper?.WriteLine($"{Budget.SeedVariable}={seed}");

        await FuzzAsync(Enumerable.Range(0, int.MaxValue).TakeWhile(_ => watch.Elapsed < time)
            .Select(i => (Mutations(seed, i), $"batch {i} of {Budget.SeedVariable}={seed}")));
    }

    // A batch depends on the seed and its number alone: how far a slow machine gets changes nothing of it.
    private static Input[] Mutations(int seed, int batch)
    {
        var random = new Random(HashOf(seed, batch));
        return [.. Enumerable.Range(0, Batch).Select(_ => Mutation.Of(random, Corpus.All))];
    }

    private static int HashOf(int seed, int batch) => unchecked((seed * 31) + batch);

    private static async Task FuzzAsync(IEnumerable<(Input[] Inputs, string Name)> batches)
    {
        using var unobserved = new Unobserved();
        await using var app = await HostileApp.StartAsync();
        using var oracle = new Oracle(app);
        var (sent, scrapes) = (0, 0);
        foreach (var (inputs, name) in batches)
        {
            try
            {
                scrapes += await SendAsync(app, inputs);
                sent += inputs.Length;
                await oracle.CheckAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"In {name}: {e.Message}", e);
            }
        }
        Assert.True(unobserved.Seen() is { IsEmpty: true }, string.Join("\n\n", unobserved.Seen()));
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{sent:n0} inputs, {app.Arrived:n0} requests reached the app, {scrapes + oracle.Scrapes:n0} scrapes "
                    + $"were read, the last one of {oracle.Samples:n0} samples."));
    }

    private static async Task<int> SendAsync(HostileApp app, Input[] inputs)
    {
        var scrapes = 0;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = AtOnce,
            CancellationToken = TestContext.Current.CancellationToken,
        };
        await Parallel.ForEachAsync(inputs, options, async (input, _) =>
        {
            var answer = await RawClient.SendAsync(app.EndPoint, input);
            try
            {
                Interlocked.Add(ref scrapes, ScrapeJudge.Judge(answer));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"The answer to {input}: {e.Message}", e);
            }
        });
        return scrapes;
    }

    /// <summary>What tasks threw that nobody awaits.</summary>
    private sealed class Unobserved : IDisposable
    {
        private readonly ConcurrentQueue<string> _seen = new();

        public Unobserved() => TaskScheduler.UnobservedTaskException += Note;

        public ConcurrentQueue<string> Seen()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return _seen;
        }

        public void Dispose() => TaskScheduler.UnobservedTaskException -= Note;

        private void Note(object? sender, UnobservedTaskExceptionEventArgs e)
        {
            if (IsOurs($"{e.Exception}"))
                _seen.Enqueue($"{e.Exception}");
        }

        // Connections that break leave such tasks behind in the server and in the client, too: those in which a frame
        // of the library stands are its own.
        private static bool IsOurs(string exception) =>
            exception
                .Split('\n')
                .Any(line =>
                    line.Contains(" at Instrumentator.", StringComparison.Ordinal)
                    && !line.Contains(" at Instrumentator.Attack.", StringComparison.Ordinal));
    }
}
