namespace Instrumentator.Properties;

/// <summary>A function is left out while a run of it hangs, and at no other time.</summary>
public sealed class BulkheadProps
{
    private long _now = 1_000;
    private bool _isIdle = true;

    /// <summary>What happens to a function next.</summary>
    /// <param name="Wait">The time that passes before, in steps of <see cref="Bulkhead.LookMs"/>.</param>
    /// <param name="Ends">The run that ends, counted from the oldest; null when a new one enters.</param>
    public sealed record Event(int Wait, int? Ends);

    private static Gen<List<Event>> Events =>
        (from wait in Gen.Elements(0, 0, 0, 1, 1, 2, 3, 4, Bulkhead.BusyLateMs / Bulkhead.LookMs)
         from ends in Gen.OneOf(Gen.Constant((int?)null), Gen.Choose(0, 5).Select(i => (int?)i))
         select new Event(wait, ends)).ListOf();

    [Property]
    public Property A_function_is_left_out_exactly_while_a_run_of_it_is_late_and_tried_with_one_run_after_that() =>
        Prop.ForAll(Arb.From(Events), Arb.From(Gen.Elements(true, false)), (events, isIdle) =>
        {
            var (bulkhead, runs, hung) = (Create(), new List<(long Start, int Place)>(), new HashSet<long>());
            var onTrial = false;
            _isIdle = isIdle;
            foreach (var (wait, ends) in events)
            {
                _now += wait * Bulkhead.LookMs;
                if (ends is { } index)
                {
                    if (index >= runs.Count)
                        continue;
                    var (start, place) = runs[index];
                    runs.RemoveAt(index);
                    bulkhead.Leave(place, _now);
                    onTrial &= hung.Overlaps(runs.Select(run => run.Start)) || _now - start >= Bulkhead.LateMs;
                }
                else
                {
                    var known = runs.Any(run => hung.Contains(run.Start));
                    var limit = isIdle ? Bulkhead.LateMs : Bulkhead.BusyLateMs;
                    var late = runs.Where(run => _now - run.Start >= limit).Select(run => run.Start).ToArray();
                    if (!known && late.Length > 0)
                    {
                        hung.UnionWith(late);
                        onTrial = true;
                    }
                    var expected = known || late.Length > 0 || (onTrial && runs.Count > 0);
                    var entered = _now;
                    Assert.Equal(!expected, bulkhead.TryEnter(_now, out var place));
                    if (!expected)
                        runs.Add((entered, place));
                }
            }
        });

    [Fact]
    public void A_run_that_ends_while_it_is_looked_at_again_leaves_nobody_out()
    {
        Bulkhead? bulkhead = null;
        var place = 0;
        bulkhead = new Bulkhead(new HangingFunctions(), () =>
        {
            bulkhead!.Leave(place, _now);
            return true;
        });
        Assert.True(bulkhead.TryEnter(_now, out place));

        // As after a pause of the whole process.
        Assert.True(bulkhead.TryEnter(_now + 10_000, out _));
        Assert.True(bulkhead.TryEnter(_now + 10_000, out _));
    }

    [Fact]
    public void More_threads_than_processors_in_a_function_that_does_not_wait_are_never_left_out()
    {
        var (function, runs) = (Metrics.From(_ => { }), 0);
        Threads.Run(30, _ =>
        {
            for (var i = 0; i < 100_000; i++)
                function(default);
            Interlocked.Increment(ref runs);
        });
        Assert.Equal(30, runs);
    }

    [Fact]
    public void A_function_has_a_place_for_each_of_its_runs_up_to_the_limit()
    {
        var bulkhead = Create();
        var places = Enumerable.Range(0, Bulkhead.MaxRuns).Select(_ =>
        {
            Assert.True(bulkhead.TryEnter(_now, out var place));
            return place;
        }).ToArray();
        Assert.Distinct(places);
        Assert.False(bulkhead.TryEnter(_now, out _));

        bulkhead.Leave(places[7], _now);
        Assert.True(bulkhead.TryEnter(_now, out var free));
        Assert.Equal(places[7], free);
    }

    [Fact]
    public void While_three_functions_hang_all_others_are_left_out_until_one_of_the_three_ends()
    {
        var all = new HangingFunctions();
        var fine = Create(all);
        var hanging = Enumerable.Range(0, HangingFunctions.Max).Select(_ => Create(all)).ToArray();
        var places = Array.ConvertAll(hanging, one => one.TryEnter(_now, out var place) ? place : 0);
        _now += Bulkhead.LateMs;
        foreach (var one in hanging)
        {
            Assert.True(fine.TryEnter(_now, out var place));
            fine.Leave(place, _now);
            Assert.False(one.TryEnter(_now, out _));
        }

        Assert.False(fine.TryEnter(_now, out _));
        Assert.Equal(3, all.Threads);

        hanging[1].Leave(places[1], _now);
        Assert.True(fine.TryEnter(_now, out _));
        Assert.True(hanging[1].TryEnter(_now, out _));
        Assert.False(hanging[0].TryEnter(_now, out _));
    }

    [Fact]
    public void A_function_that_calls_itself_or_others_has_a_run_for_each_call()
    {
        var calls = 0;
        Func<Info, Unit> inner = Metrics.From(_ => calls++);
        Func<Info, Unit>? self = null;
        self = Metrics.From(info =>
        {
            inner(info);
            if (calls < 20)
                self!(info);
        });
        self(default);
        self(default);
        Assert.Equal(21, calls);
    }

    // The clock goes on between the two looks.
    private Bulkhead Create(HangingFunctions? all = null) =>
        new(all ?? new HangingFunctions(), () =>
        {
            _now += Bulkhead.PauseMs;
            return _isIdle;
        });
}
