namespace Instrumentator.Properties;

/// <summary>The algebra of metric functions, tested by their effects.</summary>
public class PipelineProps
{
    private static Arbitrary<(Expression A, Expression B, Expression C, List<Info> Infos)> Cases => Arb.From(
        from expressions in Gen.Three(Generators.Expressions.Generator)
        from infos in Generators.Infos.NonEmptyListOf()
        select (expressions.Item1, expressions.Item2, expressions.Item3, infos),
        one => Generators.Expressions.Shrinker(one.Item1)
            .Select(smaller => (smaller, one.Item2, one.Item3, one.Item4)));

    [Property]
    public Property A_pipeline_runs_the_same_functions_as_the_interpreter() =>
        Prop.ForAll(Cases, one => Assert.Equal(
            one.Infos.SelectMany(info => one.A.Run(condition => Expression.Holds(condition, info))),
            Effects(one.A, one.Infos)));

    [Property]
    public Property Then_runs_one_after_the_other() =>
        Prop.ForAll(Cases, one => Assert.All(one.Infos, info => Assert.Equal(
            [.. Effects(one.A, [info]), .. Effects(one.B, [info])],
            Effects(new Expression.Then(one.A, one.B), [info]))));

    [Property]
    public Property Then_is_associative() =>
        Prop.ForAll(Cases, one => Assert.Equal(
            Effects(new Expression.Then(new Expression.Then(one.A, one.B), one.C), one.Infos),
            Effects(new Expression.Then(one.A, new Expression.Then(one.B, one.C)), one.Infos)));

    [Property]
    public Property None_is_the_identity_of_Then() =>
        Prop.ForAll(Cases, one =>
        {
            Assert.Equal(
                Effects(one.A, one.Infos),
                Effects(new Expression.Then(one.A, new Expression.None()), one.Infos));
            Assert.Equal(
                Effects(one.A, one.Infos),
                Effects(new Expression.Then(new Expression.None(), one.A), one.Infos));
        });

    [Property]
    public Property When_distributes_over_Then() =>
        Prop.ForAll(Cases, one => Assert.All(Enumerable.Range(0, Generators.ConditionCount), condition => Assert.Equal(
            Effects(new Expression.When(new Expression.Then(one.A, one.B), condition), one.Infos),
            Effects(
                new Expression.Then(new Expression.When(one.A, condition), new Expression.When(one.B, condition)),
                one.Infos))));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Thousands_of_functions_compose_however_they_nest(bool leftFirst)
    {
        var runs = 0;
        var one = Metrics.From(_ => runs++);
        var pipeline = Enumerable.Range(0, 2_000).Aggregate(
            Metrics.None,
            (all, _) => (leftFirst ? all.Then(one) : one.Then(all)).When(_ => true));
        pipeline(default);
        Assert.Equal(2_000, runs);
    }

    [Fact]
    public void Functions_that_were_added_with_plus_all_run()
    {
        var log = new List<string>();
        var sum = Metrics.From(_ => log.Add("a")) + Metrics.From(_ => log.Add("b"));
        sum.Then(sum.When(_ => true))(default);
        Assert.Equal(["a", "b", "a", "b"], log);
    }

    [Fact]
    public void None_composed_with_None_is_None()
    {
        Assert.Equal(Metrics.None, Metrics.None.Then(Metrics.None));
        Assert.Equal(Metrics.None, Metrics.None.When(_ => true));
        Assert.Equal(Unit.Value, Metrics.None(default));
    }

    [Fact]
    public void Null_is_refused_where_it_is_composed()
    {
        Assert.Throws<ArgumentNullException>(() => Metrics.None.Then(null!));
        Assert.Throws<ArgumentNullException>(() => MetricFunctions.Then(null!, Metrics.None));
        Assert.Throws<ArgumentNullException>(() => Metrics.None.When(null!));
        Assert.Throws<ArgumentNullException>(() => MetricFunctions.When(null!, _ => true));
        Assert.Throws<ArgumentNullException>(() => Metrics.From(null!));
    }

    private static List<int> Effects(Expression expression, IEnumerable<Info> infos)
    {
        var log = new List<int>();
        var pipeline = expression.Build(
            function => Logging(function, log),
            condition => info => Expression.Holds(condition, info));
        foreach (var info in infos)
            pipeline(info);
        return log;
    }

    // The two ways to write a metric function.
    private static Func<Info, Unit> Logging(int function, List<int> log) => function % 2 == 0
        ? Metrics.From(_ => log.Add(function))
        : _ =>
        {
            log.Add(function);
            return Unit.Value;
        };
}
