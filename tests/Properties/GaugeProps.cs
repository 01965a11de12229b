namespace Instrumentator.Properties;

/// <summary>Readings of a gauge that threads change meanwhile.</summary>
[Collection(nameof(StorageProps))]
public class GaugeProps
{
    /// <summary>A change of a gauge.</summary>
    public readonly record struct Change(bool Sets, double Amount)
    {
        internal void Apply(Gauge gauge)
        {
            if (Sets)
                gauge.Set(Amount);
            else
                gauge.Add(Amount);
        }
    }

    // Integers and quarters add up without rounding in any order.
    private static Gen<Change> OneChange =>
        from sets in Gen.Elements(true, false, false, false)
        from amount in Gen.Elements(1, 1, 1, -1, -1, 0, 0.25, -7.5, 1e6)
        select new Change(sets, amount);

    // A set, or additions of a thread after which the gauge is as before.
    private static Gen<Change[]> Job =>
        from size in Gen.Choose(1, 20)
        from kind in Gen.Frequency((30, Gen.Choose(0, 2)), (1, Gen.Constant(3)))
        select kind switch
        {
            0 => [.. Ones(size, 1), new(false, -size)],
            1 => [new(false, size), .. Ones(size, -1)],
            2 => [new(false, 0.25), new(false, 1), new(false, -1.25)],
            _ => new Change[] { new(true, size) },
        };

    [Property]
    public Property A_gauge_is_its_last_set_value_plus_all_later_changes() =>
        Prop.ForAll(Arb.From(OneChange.ListOf()), changes =>
        {
            var (gauge, expected) = (new GaugeCell(), 0.0);
            foreach (var change in changes)
            {
                change.Apply(gauge);
                expected = change.Sets ? change.Amount : expected + change.Amount;
                Assert.Equal(expected, gauge.Value);
            }
        });

    [Property(MaxTest = 50)]
    public Property A_reading_is_a_value_that_the_gauge_had_in_some_order_of_its_changes() =>
        Prop.ForAll(Arb.From(Job.ListOf(500).ListOf(3)), jobs =>
        {
            var (gauge, clock) = (new GaugeCell(), new Clock());
            var done = jobs.ConvertAll(all => new Done[all.Count]);
            var readings = new List<(double Value, Period Period)>();
            Threads.Run(
                jobs.Count,
                thread =>
                {
                    foreach (var (i, job) in jobs[thread].Index())
                        done[thread][i] = new(job, clock.Time(() => Array.ForEach(job, change => change.Apply(gauge))));
                },
                meanwhile: () =>
                {
                    var value = 0.0;
                    var period = clock.Time(() => value = gauge.Value);
                    readings.Add((value, period));
                });
            var history = new History(done);
            Assert.All(readings, reading => Assert.True(
                history.Explains(reading.Value, reading.Period),
                FormattableString.Invariant($"{reading} is not one of the possible values.")));
        });

    [Theory]
    [InlineData(1.0, -1.0)]
    [InlineData(3.0, -1.0, -1.0, -1.0)]
    [InlineData(1.0, 1.0, 1.0, -3.0)]
    [InlineData(0.5, 1.0, -0.75, -0.75)]
    public void A_gauge_that_was_never_below_0_is_never_read_below_0(params double[] changes)
    {
        const int Writers = 3;
        const int Times = 1_200_000;
        var gauge = new GaugeCell();
        Threads.Run(
            Writers,
            _ =>
            {
                for (var i = 0; i < Times; i++)
                    gauge.Add(changes[i % changes.Length]);
            },
            meanwhile: () => Assert.InRange(gauge.Value, 0, 3 * Writers));
        Assert.Equal(0, gauge.Value);
    }

    [Fact]
    public void Threads_that_come_and_go_leave_a_gauge_in_range_and_at_0()
    {
        const int Together = 10;
        var gauge = new GaugeCell();
        for (var round = 0; round < 100; round++)
        {
            Threads.Run(
                Together,
                _ =>
                {
                    for (var i = 0; i < 2_000; i++)
                    {
                        gauge.Increment();
                        gauge.Decrement();
                    }
                },
                meanwhile: () => Assert.InRange(gauge.Value, 0, Together));
            GC.Collect(0);
        }
        Assert.Equal(0, gauge.Value);
    }

    private static IEnumerable<Change> Ones(int count, double one) => Enumerable.Repeat(new Change(false, one), count);

    /// <summary>The time between two looks at a <see cref="Clock"/>.</summary>
    private sealed record Period(int Start, int End)
    {
        public bool IsBefore(Period other) => End < other.Start;
    }

    /// <summary>What a thread did in one go.</summary>
    private sealed record Done(Change[] Job, Period Period);

    /// <summary>A clock that advances with each look at it.</summary>
    private sealed class Clock
    {
        private int _now;

        public Period Time(Action action)
        {
            var start = Interlocked.Increment(ref _now);
            action();
            return new(start, Interlocked.Increment(ref _now));
        }
    }

    /// <summary>Decides which values a gauge may have, given what each of its threads did one after the other: the
    /// value of a set that may be the last one, plus what each thread may have added since.</summary>
    private sealed class History
    {
        private readonly Additions[] _threads;
        private readonly List<(Period Period, double Least, double Most)> _sets;

        public History(List<Done[]> threads)
        {
            _threads = [.. threads.Select(done => new Additions(done))];

            // The first value is as if set.
            _sets = [(new(-1, 0), 0, 0)];
            foreach (var set in threads.SelectMany(done => done).Where(done => done.Job[0].Sets))
            {
                var (least, most) = AddedUntil(set.Period);
                _sets.Add((set.Period, set.Job[0].Amount - most, set.Job[0].Amount - least));
            }
        }

        public bool Explains(double value, Period period)
        {
            var (least, most) = AddedUntil(period);
            return _sets.Exists(set =>
                !period.IsBefore(set.Period)
                && !_sets.Exists(later => set.Period.IsBefore(later.Period) && later.Period.IsBefore(period))
                && value >= set.Least + least
                && value <= set.Most + most);
        }

        private (double Least, double Most) AddedUntil(Period period)
        {
            var sums = _threads.Select(thread => thread.Until(period)).ToArray();
            return (sums.Sum(range => range.Least), sums.Sum(range => range.Most));
        }

        /// <summary>The additions of one thread.</summary>
        private sealed class Additions(Done[] done)
        {
            /// <summary>Returns the range of the sum at any moment of a period.</summary>
            public (double Least, double Most) Until(Period period)
            {
                var (sum, least, most) = (0.0, 0.0, 0.0);
                foreach (var (job, when) in done.TakeWhile(next => !period.IsBefore(next.Period)))
                {
                    foreach (var change in job.Where(change => !change.Sets))
                    {
                        sum += change.Amount;
                        (least, most) = (Math.Min(least, sum), Math.Max(most, sum));
                    }
                    if (when.IsBefore(period))
                        (least, most) = (sum, sum);
                }
                return (least, most);
            }
        }
    }
}
