namespace Instrumentator.Properties;

/// <summary>What busy threads write is apart from all else, so no cache line goes from core to core.</summary>
public class CacheLineTests
{
    // Processors fetch lines in pairs, and some have lines of this length.
    private const int Line = 128;

    private static readonly UpperBounds _bounds = new([0, 1]);

    [Fact]
    public void A_busy_request_writes_to_no_cache_line_of_another_thread()
    {
        var recorder = new Recorder(Instrumentation.Default.WithRegistry(new()), (_, _) => { });
        var route = recorder.Templated("/");
        var written = new List<WrittenWord>();
        using var busy = new Barrier(2);
        Threads.Run(2, _ =>
        {
            for (var i = 0; i < 300; i++)
                recorder.Record(route, At(i));
            busy.SignalAndWait();
            lock (written)
                written.AddRange(WrittenWord.By(() => recorder.Record(route, At(300)), HeapGraph.From(recorder, route)));
        });

        // A counter, count and sum of two summaries, bucket and sum of two histograms; and all of it for each thread.
        Assert.Equal(2 * (1 + 4 + 4), written.Distinct().Count());
        Assert.All(written, word => Assert.True(word.IsAlone(Line), $"{word}"));
        var pages = written.ToLookup(word => word.Owner, ReferenceEqualityComparer.Instance);
        Assert.All(pages, page => Assert.Equal(9, page.Count()));
    }

    [Fact]
    public void No_word_of_a_stripe_is_near_another_object()
    {
        var counter = (Counter)new CounterCell().StripeOf(Writer.Number);
        var gauge = Page.Take(1);
        var histogram = (Histogram)new HistogramCell(_bounds).StripeOf(Writer.Number);
        var summary = (Summary)new SummaryCell().StripeOf(Writer.Number);

        AssertAlone(1, counter, counter.Increment);
        AssertAlone(1, counter, () => counter.Increment(0.5));
        AssertAlone(1, gauge, () => Words.Add(ref gauge.Single, 1));
        AssertAlone(2, histogram, () => histogram.Observe(-1));
        AssertAlone(2, histogram, () => histogram.Observe(2));
        AssertAlone(2, summary, () => summary.Observe(0.5));
        AssertAlone(2, summary, () => summary.Observe(3L));
    }

    [Fact]
    public void The_words_of_a_cell_that_threads_share_are_not()
    {
        var counter = new CounterCell();
        Assert.False(Assert.Single(WrittenWord.By(counter.Increment, HeapGraph.From(counter))).IsAlone(Line));
    }

    private static void AssertAlone(int words, object stripe, Action write)
    {
        var written = WrittenWord.By(write, HeapGraph.From(stripe));
        Assert.Equal(words, written.Count);
        Assert.All(written, word => Assert.True(word.IsAlone(Line), $"{word}"));
    }

    // Half a second each, and a thousand a second. No size is 0: adding that would change no bit.
    private static RequestFacts At(int number) => new()
    {
        Method = "GET",
        StatusCode = 200,
        StartedAt = number * 1_000,
        EndedAt = (number * 1_000) + 500_000,
        TicksPerSecond = 1_000_000,
        RequestSize = 7,
        ResponseSize = 11,
    };
}
