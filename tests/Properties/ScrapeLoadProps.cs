using System.Buffers;
using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Properties;

/// <summary>Which readers of scrapes lose their places, and when renderings get memory, against a plain
/// model.</summary>
public sealed class ScrapeLoadProps
{
    private const int Max = 3;
    private const int Pieces = 20;
    private const long MiB = 1024 * 1024;

    // Half a second for each piece, at a pace of ten seconds for the whole body.
    private static readonly ScrapeBody _body = BodyOf(Pieces * ScrapeReader.MaxPiece);

    private enum Event
    {
        Enter,
        EnterOther,
        Send,
        Take,
        Leave,
        Wait,
    }

    [Property]
    public Property A_reader_loses_its_place_only_to_another_one_of_the_endpoint_and_only_if_it_is_furthest_behind() =>
        Prop.ForAll(
            Arb.From(Gen.Zip(Gen.Elements(Enum.GetValues<Event>()), Gen.Choose(0, 20)).ListOf(100)),
            events =>
            {
                var (clock, load) = (new FakeTimeProvider(), new ScrapeLoad());
                var (endpoint, other, present) = (new object(), new object(), new List<Model>());
                foreach (var (what, number) in events)
                {
                    var one = present.Count == 0 ? null : present[number % present.Count];
                    switch (what)
                    {
                        case Event.Enter or Event.EnterOther:
                            Enter(load, clock, what == Event.Enter ? endpoint : other, present);
                            break;
                        case Event.Send when one is { Left: null }:
                            one.Send(clock);
                            break;
                        case Event.Take when one is { Left: > 0 }:
                            one.Take(clock);
                            break;
                        case Event.Leave when one is not null:
                            load.Leave(one.Reader);
                            present.Remove(one);
                            break;
                        case Event.Wait:
                            clock.Advance(TimeSpan.FromMilliseconds(100 * number));
                            break;
                    }
                    Assert.All(present, one => Assert.False(one.Reader.Ended.IsCancellationRequested));
                }
            });

    [Property]
    public Property Renderings_take_64_MiB_together_or_twice_the_largest_one() =>
        Prop.ForAll(Arb.From(Gen.Zip(Gen.Choose(0, 3), Gen.Choose(1, 100)).ListOf(40)), async events =>
        {
            var (load, shares, largest) = (new ScrapeLoad(), new List<(ScrapeLoad.Share Share, long Bytes)>(), 64L);
            var isFirst = true;
            foreach (var (kind, size) in events)
            {
                if (kind == 0 && shares.Count > 0)
                {
                    var freed = shares[size % shares.Count];
                    freed.Share.Dispose();
                    shares.Remove(freed);
                    continue;
                }
                using var gone = new CancellationTokenSource();
                var reserving = load.ReserveAsync(new FakeTimeProvider(), gone.Token).AsTask();

                Assert.Equal(
                    shares.Sum(share => share.Bytes) + largest <= Math.Max(64, 2 * largest),
                    reserving.IsCompletedSuccessfully);
                if (!reserving.IsCompletedSuccessfully)
                {
                    await gone.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reserving);
                    continue;
                }
                var share = await reserving;
                share.Settle(size * MiB);
                share.Settle(size / 2 * MiB);
                shares.Add((share, size / 2));
                (largest, isFirst) = (isFirst ? size : Math.Max(largest, size), false);
            }
        });

    [Fact]
    public async Task A_rendering_waits_for_memory_and_ends_the_readers_that_are_a_second_behind()
    {
        var (clock, load) = (new FakeTimeProvider(), new ScrapeLoad());
        var (slow, fast) = (new Model(new(this, clock)), new Model(new(this, clock)));
        Assert.True(load.TryEnter(slow.Reader, 2) && load.TryEnter(fast.Reader, 2));
        slow.Send(clock);
        fast.Send(clock);
        var first = await load.ReserveAsync(clock, Running);
        first.Settle(40 * MiB);
        var second = await load.ReserveAsync(clock, Running);

        var third = load.ReserveAsync(clock, Running).AsTask();
        for (var i = 0; i < 9; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            fast.Take(clock);
            Assert.False(slow.Reader.Ended.IsCancellationRequested);
        }
        for (var i = 0; i < 500 && !slow.Reader.Ended.IsCancellationRequested; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }
        Assert.True(slow.Reader.Ended.IsCancellationRequested);
        Assert.False(fast.Reader.Ended.IsCancellationRequested);
        Assert.False(third.IsCompleted);

        first.Dispose();
        first.Dispose();
        await third.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(load.ReserveAsync(clock, Running).AsTask().IsCompleted);
        second.Dispose();
    }

    [Fact]
    public async Task A_rendering_that_nobody_waits_for_holds_no_memory()
    {
        var load = new ScrapeLoad();
        using var gone = new CancellationTokenSource();
        var abandoned = await load.ReserveAsync(TimeProvider.System, gone.Token);
        var other = await load.ReserveAsync(TimeProvider.System, Running);
        var waiting = load.ReserveAsync(TimeProvider.System, Running).AsTask();
        Assert.False(waiting.IsCompleted);

        await gone.CancelAsync();

        await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        abandoned.Settle(64 * MiB);
        Assert.Equal(0, abandoned.Bytes);
        other.Dispose();
    }

    // 64 KiB each second is more than nothing, but a body of 20 pieces would take twice the time that readers have.
    [Fact]
    public void A_reader_that_takes_a_little_again_and_again_is_as_slow_as_one_that_takes_nothing()
    {
        var (clock, load, endpoint) = (new FakeTimeProvider(), new ScrapeLoad(), new object());
        var drip = new Model(new(endpoint, clock));
        Assert.True(load.TryEnter(drip.Reader, 1));
        drip.Send(clock);

        for (var i = 0; i < 3; i++)
        {
            Assert.False(load.TryEnter(new(endpoint, clock), 1));
            clock.Advance(TimeSpan.FromSeconds(0.9));
            drip.Take(clock);
        }

        Assert.True(load.TryEnter(new(endpoint, clock), 1));
        Assert.True(drip.Reader.Ended.IsCancellationRequested);
    }

    private static void Enter(ScrapeLoad load, FakeTimeProvider clock, object endpoint, List<Model> present)
    {
        var reader = new Model(new(endpoint, clock));
        var others = present.FindAll(one => one.Reader.Endpoint == endpoint);
        var behind = others.Select(one => one.Behind(clock)).DefaultIfEmpty(0).Max();

        var entered = load.TryEnter(reader.Reader, Max);

        Assert.Equal(others.Count < Max || behind >= 1, entered);
        var ended = present.FindAll(one => one.Reader.Ended.IsCancellationRequested);
        Assert.Equal(others.Count == Max && entered ? [behind] : [], ended.Select(one => one.Behind(clock)));
        Assert.All(ended, one => Assert.Same(endpoint, one.Reader.Endpoint));
        present.RemoveAll(ended.Contains);
        if (entered)
            present.Add(reader);
    }

    private static CancellationToken Running => TestContext.Current.CancellationToken;

    private static ScrapeBody BodyOf(int length)
    {
        var buffer = new PooledBuffer();
        buffer.Write(new byte[length]);
        return new ScrapeBody(buffer, null);
    }

    /// <summary>A reader, and the time in seconds at which it was due to take its next piece.</summary>
    private sealed class Model(ScrapeReader reader)
    {
        private IEnumerator<ReadOnlyMemory<byte>>? _pieces;
        private decimal _due;

        public ScrapeReader Reader => reader;

        /// <summary>Gets the number of pieces that the reader has not taken; null before they are sent.</summary>
        public int? Left { get; private set; }

        public void Send(FakeTimeProvider clock)
        {
            _pieces = reader.Take(_body).GetEnumerator();
            _pieces.MoveNext();
            (Left, _due) = (Pieces, Seconds(clock));
        }

        public void Take(FakeTimeProvider clock)
        {
            Left--;
            Assert.Equal(Left > 0, _pieces!.MoveNext());
            _due = Math.Min(_due + (10m / Pieces), Seconds(clock));
        }

        public decimal Behind(FakeTimeProvider clock) => Left is null ? 0 : Seconds(clock) - _due;

        private static decimal Seconds(FakeTimeProvider clock) =>
            (clock.GetUtcNow() - clock.Start).Ticks / (decimal)TimeSpan.TicksPerSecond;
    }
}
