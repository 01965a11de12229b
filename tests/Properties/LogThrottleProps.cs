using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Properties;

/// <summary>One log line a minute, with the number of lines left out, against a list of all that happened.</summary>
public sealed class LogThrottleProps
{
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    // Around a minute and far from it, to the tick.
    private static readonly Gen<TimeSpan> _pauses = Gen.OneOf(
        Gen.Choose(0, 70_000).Select(value => TimeSpan.FromMilliseconds(value)),
        Gen.Choose(-2, 2).Select(ticks => _minute + TimeSpan.FromTicks(ticks)),
        Gen.Constant(TimeSpan.Zero),
        Gen.Constant(TimeSpan.FromDays(400)));

    [Property]
    public Property A_line_is_admitted_a_minute_after_the_last_one_and_says_how_many_were_left_out() =>
        Prop.ForAll(Arb.From(_pauses.ListOf()), pauses =>
        {
            var (clock, throttle) = (new FakeTimeProvider(), new LogThrottle());
            var lines = new List<(DateTimeOffset At, bool IsLogged)>();
            foreach (var pause in pauses)
            {
                clock.Advance(pause);
                var isLogged = throttle.TryPass(clock, out var notLogged);

                var now = clock.GetUtcNow();
                Assert.Equal(!lines.Any(line => line.IsLogged && line.At > now - _minute), isLogged);
                Assert.Equal(isLogged ? lines.Count - 1 - lines.FindLastIndex(line => line.IsLogged) : 0, notLogged);
                lines.Add((now, isLogged));
            }
        });

    [Property(MaxTest = 20)]
    public Property Threads_log_one_line_and_count_all_others() =>
        Prop.ForAll(Arb.From(Gen.Choose(1, 200)), each =>
        {
            var (clock, throttle, logged) = (new FakeTimeProvider(), new LogThrottle(), 0);
            Threads.Run(4, _ =>
            {
                for (var i = 0; i < each; i++)
                {
                    if (throttle.TryPass(clock, out var _))
                        Interlocked.Increment(ref logged);
                }
            });
            clock.Advance(_minute);

            Assert.True(throttle.TryPass(clock, out var notLogged));
            Assert.Equal((1, (4 * each) - 1L), (logged, notLogged));
        });
}
