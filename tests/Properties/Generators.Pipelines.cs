namespace Instrumentator.Properties;

/// <summary>Pipelines as syntax trees.</summary>
internal static partial class Generators
{
    public const int FunctionCount = 6;
    public const int ConditionCount = 4;

    public static Arbitrary<Expression> Expressions =>
        Arb.From(Gen.Sized(size => ExpressionsOf(Math.Min(size, 30))), ShrinkExpression);

    private static Gen<Expression> ExpressionsOf(int size) => size <= 1
        ? Gen.Frequency(
            (1, Gen.Constant<Expression>(new Expression.None())),
            (4, Gen.Choose(0, FunctionCount - 1).Select(function => (Expression)new Expression.Leaf(function))))
        : Gen.Frequency(
            (1, ExpressionsOf(1)),
            (4, from split in Gen.Choose(1, size - 1)
                from first in ExpressionsOf(split)
                from second in ExpressionsOf(size - split)
                select (Expression)new Expression.Then(first, second)),
            (2, from inner in ExpressionsOf(size - 1)
                from condition in Gen.Choose(0, ConditionCount - 1)
                select (Expression)new Expression.When(inner, condition)));

    private static IEnumerable<Expression> ShrinkExpression(Expression expression) =>
        expression switch
        {
            Expression.Then(var first, var second) =>
            [
                first,
                second,
                .. ShrinkExpression(first).Select(smaller => new Expression.Then(smaller, second)),
                .. ShrinkExpression(second).Select(smaller => new Expression.Then(first, smaller)),
            ],
            Expression.When(var inner, var condition) =>
            [
                inner,
                .. ShrinkExpression(inner).Select(smaller => new Expression.When(smaller, condition)),
            ],
            Expression.Leaf => [new Expression.None()],
            _ => [],
        };
}
