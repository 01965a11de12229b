namespace Instrumentator.Properties;

/// <summary>A pipeline as a syntax tree. The pipeline operators build a metric function from it, and an interpreter
/// predicts what that function does.</summary>
public abstract record Expression
{
    private Expression() { }

    public sealed record None : Expression;

    public sealed record Leaf(int Function) : Expression;

    public sealed record Then(Expression First, Expression Second) : Expression;

    public sealed record When(Expression Inner, int Condition) : Expression;

    /// <summary>Builds the metric function as a user composes it.</summary>
    public Func<Info, Unit> Build(Func<int, Func<Info, Unit>> leaf, Func<int, Func<Info, bool>> condition) =>
        this switch
        {
            Leaf one => leaf(one.Function),
            Then both => both.First.Build(leaf, condition).Then(both.Second.Build(leaf, condition)),
            When some => some.Inner.Build(leaf, condition).When(condition(some.Condition)),
            _ => Metrics.None,
        };

    /// <summary>The interpreter: returns the functions that run for a request, in order.</summary>
    public IEnumerable<int> Run(Func<int, bool> holds) => this switch
    {
        Leaf one => [one.Function],
        Then both => both.First.Run(holds).Concat(both.Second.Run(holds)),
        When some => holds(some.Condition) ? some.Inner.Run(holds) : [],
        _ => [],
    };

    /// <summary>Returns every function of the pipeline, with the conditions around it.</summary>
    public IEnumerable<(int Function, int[] Conditions)> Leaves(params int[] around) => this switch
    {
        Leaf one => [(one.Function, around)],
        Then both => both.First.Leaves(around).Concat(both.Second.Leaves(around)),
        When some => some.Inner.Leaves([.. around, some.Condition]),
        _ => [],
    };

    /// <summary>Returns whether a condition holds for a request.</summary>
    public static bool Holds(int condition, Info info) => condition switch
    {
        0 => info.StatusCode % 2 == 0,
        1 => info.Method == "GET",
        2 => info.Duration > 1,
        _ => info.Handler.Length > 6,
    };
}
