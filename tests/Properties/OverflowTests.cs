using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>The watchers of a registry are notified of each full metric, once.</summary>
public class OverflowTests
{
    [Fact]
    public void Each_watcher_is_notified_once_of_each_full_metric_including_earlier_ones()
    {
        var registry = new Registry(seriesLimit: 2).LimitSeries("b", 1);
        var (first, second) = (new Watcher(), new Watcher());
        registry.Watch(first);
        registry.Watch(first);
        Fill(registry.Counter("a", "Help.", "x"), 5);
        registry.Watch(second);
        Fill(registry.Counter("a", "Help.", "x"), 9);
        Fill(registry.Gauge("b", "Help.", "x"), 9);

        Assert.All([first, second], watcher => Assert.Equal([("a_total", 2), ("b", 1)], watcher.Notified));
        GC.KeepAlive(first);
    }

    [Fact]
    public void Watchers_added_while_threads_fill_metrics_are_notified_once_of_each_metric() =>
        Assert.All(Enumerable.Range(0, 50), _ =>
        {
            var registry = new Registry(seriesLimit: 1);
            var watchers = Enumerable.Range(0, 4).Select(_ => new Watcher()).ToArray();
            Threads.Run(4, thread =>
            {
                for (var i = 0; i < 10; i++)
                {
                    if (i == 5)
                        registry.Watch(watchers[thread]);
                    Fill(registry.Counter($"a{i}", "Help.", "x"), 3);
                }
            });
            Assert.All(watchers, watcher => Assert.Equal(
                Enumerable.Range(0, 10).Select(i => ($"a{i}_total", 1)),
                watcher.Notified.Order()));
        });

    [Fact]
    public void A_watcher_may_throw_and_may_write_to_the_registry_itself()
    {
        var registry = new Registry(seriesLimit: 1);
        var family = registry.Counter("a", "Help.", "x");
        var (throwing, writing, quiet) = (
            new Watcher { Then = () => throw new InvalidOperationException("The log is full.") },
            new Watcher { Then = Write },
            new Watcher());
        registry.Watch(throwing);
        registry.Watch(writing);
        registry.Watch(quiet);

        Fill(family, 2);

        // On another thread, which would block if a lock were held.
        void Write() => Threads.Run(1, _ => family.With("from the log").Increment());
        Assert.All([throwing, writing, quiet], watcher => Assert.Equal([("a_total", 1)], watcher.Notified));
        Assert.Equal(new SampleValue.Counter(2), registry.Scrape().Find(Overflows.CounterName, "a_total"));
    }

    [Fact]
    public void A_registry_keeps_no_watcher_alive()
    {
        var registry = new Registry(seriesLimit: 1);
        var watcher = WatchAndForget(registry);
        for (var i = 0; i < 10 && watcher.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(watcher.IsAlive);
        Fill(registry.Counter("a", "Help.", "x"), 2);
    }

    [Fact]
    public void A_backend_that_refuses_the_overflow_counter_breaks_no_other_metric()
    {
        var registry = new Registry(new Refusing(), seriesLimit: 1);
        var family = registry.Counter("a", "Help.", "x");
        Fill(family, 5);
        Assert.Equal(4, family.With("_overflow").Value);
        Assert.Equal(["a_total"], registry.Scrape().Families.Select(one => one.Definition.Name));
    }

    private static void Fill(Family family, int series)
    {
        for (var i = 0; i < series; i++)
        {
            if (family.Find([$"{i}"]) is Counter counter)
                counter.Increment();
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference WatchAndForget(Registry registry)
    {
        var watcher = new Watcher();
        registry.Watch(watcher);
        return new WeakReference(watcher);
    }

    private sealed class Watcher : IRegistryWatcher
    {
        private readonly List<(string Metric, int Limit)> _notified = [];

        public Action Then { get; init; } = () => { };

        public (string Metric, int Limit)[] Notified
        {
            get
            {
                lock (_notified)
                    return [.. _notified];
            }
        }

        public void OnOverflow(string metric, int limit)
        {
            lock (_notified)
                _notified.Add((metric, limit));
            Then();
        }

        public void OnCallbackError(CallbackError error) { }
    }

    /// <summary>The built-in backend, except that it refuses the name of the overflow counter.</summary>
    private sealed class Refusing : IMetricBackend
    {
        private readonly CellBackend _cells = new();

        public Func<IReadOnlyList<string>, Counter> CreateCounter(FamilyDefinition definition) =>
            definition.Name == Overflows.CounterName
                ? throw new InvalidOperationException("The name is taken.")
                : _cells.CreateCounter(definition);

        public Func<IReadOnlyList<string>, Gauge> CreateGauge(FamilyDefinition definition) =>
            _cells.CreateGauge(definition);

        public Func<IReadOnlyList<string>, Histogram> CreateHistogram(FamilyDefinition definition) =>
            _cells.CreateHistogram(definition);

        public Func<IReadOnlyList<string>, Summary> CreateSummary(FamilyDefinition definition) =>
            _cells.CreateSummary(definition);

        public ValueTask<ValueList<FamilySnapshot>> CollectAsync(CancellationToken cancellationToken = default) =>
            _cells.CollectAsync(cancellationToken);
    }
}
