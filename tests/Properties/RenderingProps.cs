using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Properties;

/// <summary>The guarantees for the readers of a shared rendering, in any order of events.</summary>
public sealed class RenderingProps
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(60);

    /// <summary>The events of a rendering.</summary>
    private enum Event
    {
        Join,
        Leave,
        Finish,
        Fail,
        Wait,
    }

    [Property]
    public Property The_body_is_kept_until_the_last_reader_leaves_and_rendering_goes_on_while_one_waits() =>
        Prop.ForAll(Arb.From(Gen.Elements(Enum.GetValues<Event>()).ListOf()), async events =>
        {
            var (clock, work) = (new FakeTimeProvider(), new Work());
            var rendering = Rendering.Start(work.RenderAsync, clock, _limit);
            var (readers, isDone) = (1, false);
            foreach (var what in events)
            {
                switch (what)
                {
                    case Event.Join:
                        var joined = rendering.TryJoin();
                        Assert.Equal(readers > 0 && !isDone && clock.GetUtcNow() < clock.Start + _limit, joined);
                        readers += joined ? 1 : 0;
                        break;
                    case Event.Leave when readers > 0:
                        rendering.Leave();
                        readers--;
                        break;
                    case Event.Finish or Event.Fail when !isDone:
                        work.End(what == Event.Fail);
                        await rendering.Done.WaitAsync(TestContext.Current.CancellationToken);
                        isDone = true;
                        break;
                    case Event.Wait:
                        clock.Advance(TimeSpan.FromSeconds(25));
                        break;
                }
                AssertState(rendering, work, readers, isDone);
            }
        });

    [Property(MaxTest = 50)]
    public Property Readers_on_many_threads_see_intact_bytes_until_they_leave() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 5)), rounds =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var work = new Work();
                var rendering = Rendering.Start(work.RenderAsync, new FakeTimeProvider(), _limit);
                Threads.Run(4, number =>
                {
                    if (number == 0)
                        work.End(isFailure: false);
                    else if (rendering.TryJoin())
                        ReadAndLeave(rendering, number);
                });
                ReadAndLeave(rendering, number: 1);
                Assert.Empty(rendering.Body!.Pieces);
                Assert.False(rendering.TryJoin());
            }
        });

    private static void ReadAndLeave(Rendering rendering, int number)
    {
        if (number % 2 == 1)
        {
            Assert.True(rendering.Done.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            Assert.Equal(Work.Text, BytesOf(rendering.Body!));
        }
        rendering.Leave();
    }

    private static byte[] BytesOf(ScrapeBody body) => [.. body.Pieces.SelectMany(piece => piece.ToArray())];

    private static void AssertState(Rendering rendering, Work work, int readers, bool isDone)
    {
        Assert.Equal(isDone, rendering.Done.IsCompleted);
        Assert.Equal(isDone && work.IsFailure, rendering.Failure is not null);
        Assert.Equal(isDone && !work.IsFailure, rendering.Body is not null);
        Assert.Equal(
            rendering.Body is null || readers == 0 ? [] : Work.Text,
            rendering.Body is { } body ? BytesOf(body) : []);
        if (readers > 0)
            Assert.False(work.Cancellation.IsCancellationRequested);
    }

    private sealed class Work
    {
        private readonly TaskCompletionSource _end = new();

        public static byte[] Text => [1, 2, 3];

        public bool IsFailure { get; private set; }

        public CancellationToken Cancellation { get; private set; }

        public void End(bool isFailure)
        {
            IsFailure = isFailure;
            _end.SetResult();
        }

        public async Task<ScrapeBody> RenderAsync(CancellationToken cancellationToken)
        {
            Cancellation = cancellationToken;
            await _end.Task;
            if (IsFailure)
                throw new InvalidOperationException();
            var buffer = new PooledBuffer();
            Text.CopyTo(buffer.GetSpan(3));
            buffer.Advance(3);
            return new ScrapeBody(buffer, null);
        }
    }
}
