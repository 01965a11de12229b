using Microsoft.Extensions.Time.Testing;

namespace Instrumentator.Properties;

/// <summary>Timers, trackers, counters of exceptions, lists of buckets, and labels by name.</summary>
public class MeasuringTests
{
    private readonly Registry _registry = new();
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void A_timer_observes_seconds_also_after_an_exception()
    {
        var histogram = _registry.Histogram("a_seconds", "Help.", [1]);
        var summary = _registry.Summary("b_seconds", "Help.");
        using (var timer = histogram.Time(_clock))
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1_500));
            Assert.Equal(TimeSpan.FromMilliseconds(1_500), timer.Elapsed);
            Assert.Equal(0, histogram.Count);
        }
        Action failing = () =>
        {
            using (summary.Time(_clock))
            {
                _clock.Advance(TimeSpan.FromSeconds(2));
                throw new InvalidOperationException();
            }
        };
        Assert.Throws<InvalidOperationException>(failing);
        Assert.Equal((1, 1.5), (histogram.Count, histogram.Sum));
        Assert.Equal((1, 2.0), (summary.Count, summary.Sum));
    }

    [Fact]
    public async Task Asynchronous_code_is_timed_until_its_task_completes()
    {
        var histogram = _registry.Histogram("a_seconds", "Help.", [1]);
        var summary = _registry.Summary("b_seconds", "Help.");
        var source = new TaskCompletionSource<int>();
        var timed = histogram.TimeAsync(() => source.Task, _clock);
        _clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, histogram.Count);
        source.SetResult(7);
        Assert.Equal(7, await timed);
        await summary.TimeAsync(Advance, _clock);
        Assert.Equal(8, await summary.TimeAsync(() => Task.FromResult(8), _clock));
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            histogram.TimeAsync(() => Task.FromException(new InvalidOperationException()), _clock));

        Assert.Equal((2, 3.0), (histogram.Count, histogram.Sum));
        Assert.Equal((2, 1.0), (summary.Count, summary.Sum));

        Task Advance()
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void A_tracker_adds_one_until_it_is_disposed()
    {
        var gauge = _registry.Gauge("a", "Help.");
        using (gauge.TrackInProgress())
        using (gauge.TrackInProgress())
            Assert.Equal(2, gauge.Value);
        Assert.Equal(0, gauge.Value);
    }

    [Fact]
    public async Task Exceptions_are_counted_and_pass_unchanged()
    {
        var counter = _registry.Counter("a", "Help.");
        var error = new FormatException();
        Assert.Equal(1, counter.CountExceptions(() => 1));
        Assert.Equal(2, await counter.CountExceptionsAsync(() => Task.FromResult(2)));
        counter.CountExceptions(() => { });
        await counter.CountExceptionsAsync(() => Task.CompletedTask);
        Assert.Equal(0, counter.Value);

        Assert.Same(error, Assert.Throws<FormatException>(() => counter.CountExceptions<int>(() => throw error)));
        Assert.Same(error, Assert.Throws<FormatException>(() => counter.CountExceptions(() => throw error)));
        Assert.Same(error, await Assert.ThrowsAsync<FormatException>(() =>
            counter.CountExceptionsAsync(() => Task.FromException(error))));
        Assert.Same(error, await Assert.ThrowsAsync<FormatException>(() =>
            counter.CountExceptionsAsync(() => Task.FromException<int>(error))));
        Assert.Equal(4, counter.Value);

        Assert.Throws<FormatException>(() => counter.CountExceptions(() => throw error, e => e is IOException));
        Assert.Throws<FormatException>(() => counter.CountExceptions(() => throw error, e => e is FormatException));
        Assert.Equal(5, counter.Value);
    }

    [Fact]
    public void Timers_and_trackers_allocate_nothing()
    {
        var histogram = _registry.Histogram("a_seconds", "Help.", [1]);
        var summary = _registry.Summary("b_seconds", "Help.");
        var gauge = _registry.Gauge("c", "Help.");
        var counter = _registry.Counter("d", "Help.");
        AllocationTests.AssertAllocatesNothing(_ =>
        {
            using (gauge.TrackInProgress())
            using (histogram.Time())
            using (summary.Time())
                counter.CountExceptions(static () => 1);
        });
    }

    [Property]
    public void Buckets_at_equal_distance_differ_by_the_width(NonZeroInt start, PositiveInt width, PositiveInt count)
    {
        var (first, step) = (start.Get / 10m, width.Get / 10m);
        Assert.Equal(
            Enumerable.Range(0, count.Get).Select(i => (double)(first + i * step)),
            Buckets.Linear((double)first, (double)step, count.Get));
    }

    [Property]
    public void Buckets_that_grow_by_a_factor_are_powers(PositiveInt start, PositiveInt count)
    {
        var first = start.Get / 100m;
        var expected = Enumerable.Range(0, Math.Min(count.Get, 20)).Select(i => (double)(first * (1 << i)));
        Assert.Equal(expected, Buckets.Exponential((double)first, 2, Math.Min(count.Get, 20)));
    }

    [Fact]
    public void Buckets_out_of_range_are_errors()
    {
        Assert.Equal([0.1, 0.2, 0.3], Buckets.Linear(0.1, 0.1, 3));
        Assert.Equal([0.001, 0.01, 0.1, 1], Buckets.Exponential(0.001, 10, 4));
        Action[] wrong =
        [
            () => Buckets.Linear(double.NaN, 1, 1), () => Buckets.Linear(0, 0, 1), () => Buckets.Linear(0, 1, 0),
            () => Buckets.Linear(0, double.PositiveInfinity, 1), () => Buckets.Exponential(0, 2, 1),
            () => Buckets.Exponential(1, 1, 1), () => Buckets.Exponential(1, 2, 0),
            () => Buckets.Exponential(1, double.NaN, 1),
        ];
        Assert.All(wrong, action => Assert.Throws<ArgumentOutOfRangeException>(action));
    }

    [Fact]
    public void Labels_by_name_find_the_same_series_in_any_order()
    {
        var family = new Registry { StaticLabels = [("app", "x")] }.Counter("a", "Help.", "x", "y");
        Assert.Same(family.With("1", "2"), family.WithLabels(("x", "1"), ("y", "2")));
        Assert.Same(family.With("1", "2"), family.WithLabels(("y", "2"), ("x", "1")));
        Assert.Same(family.With("1", null), family.WithLabels(("y", null!), ("x", "1")));
        Action[] wrong =
        [
            () => family.WithLabels(("x", "1")), () => family.WithLabels(("x", "1"), ("x", "2")),
            () => family.WithLabels(("x", "1"), ("y", "2"), ("z", "3")), () => family.WithLabels(),
            () => family.WithLabels(("x", "1"), ("app", "y")),
        ];
        Assert.All(wrong, action => Assert.Throws<ArgumentException>(action));
        var error = Assert.Throws<ArgumentException>(() => family.WithLabels(("x", "1"), ("z", "2")));
        Assert.StartsWith(
            "a_total has the labels [x, y], but [x, z] were specified. Specify each label once.", error.Message);
    }
}
