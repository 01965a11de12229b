using Microsoft.AspNetCore.Http.Features;

namespace Instrumentator.Tests;

/// <summary>A viewer that reads slowly holds little memory.</summary>
public sealed class SlowViewerTests
{
    private const int MaxUnsent = 64 * 1024;

    [Fact]
    public async Task A_long_history_is_sent_in_pieces()
    {
        var sent = new PieceStream();
        await using var app = await LiveApp.StartAsync(configure: one =>
        {
            one.Use((context, next) =>
            {
                if (context.Request.Query.ContainsKey("pieces"))
                    context.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(sent));
                return next(context);
            });
            one.MapInstrumentatorPage();
        });
        var gauges = app.Registry.Gauge("queue_length", "Waiting.", "queue");
        for (var i = 0; i < 400; i++)
            gauges.With($"queue {i}").Set(1_000_000.5 + i);
        await app.PassAsync(60);
        using var response = await app.GetAsync("/metrics-live/data?1m=-1&5m=-1&pieces");
        Assert.True(sent.Total > 5 * MaxUnsent, $"All of it has {sent.Total} bytes.");
        Assert.InRange(sent.Largest, 1, MaxUnsent + 16_384);
    }

    /// <summary>Remembers the bytes between two flushes.</summary>
    private sealed class PieceStream : MemoryStream
    {
        private long _flushed;

        public long Total => Length;

        public long Largest { get; private set; }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            (Largest, _flushed) = (Math.Max(Largest, Length - _flushed), Length);
            return Task.CompletedTask;
        }
    }
}
