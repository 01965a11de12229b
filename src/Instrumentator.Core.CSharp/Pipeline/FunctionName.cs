using System.Reflection;

namespace Instrumentator;

/// <summary>The name of a user function in logs and self-metrics.</summary>
internal static class FunctionName
{
    /// <summary>Returns the type and the method of a delegate: <c>Shop.Metrics.CountOrders</c>. For a lambda, whose own
    /// names are generated, returns the member that contains it: <c>Program.Main</c>.</summary>
    /// <remarks>C# names a lambda <c>&lt;Configure&gt;b__0_3</c>, in a class <c>&lt;&gt;c</c>; F# names its class after
    /// the value it belongs to, <c>metrics@12</c>, and the method <c>Invoke</c>.</remarks>
    public static string Of(Delegate function)
    {
        var (type, member) = (function.Method.DeclaringType, NameOf(function.Method));
        for (; type is not null && IsGenerated(type); type = type.DeclaringType)
            member = type.Name.Contains('@', StringComparison.Ordinal) ? type.Name.Split('@')[0] : member;
        return $"{type?.FullName?.Replace('+', '.')}.{member}";
    }

    private static bool IsGenerated(Type type) =>
        type.Name.StartsWith('<') || type.Name.Contains('@', StringComparison.Ordinal);

    // The main program is a method "<Main>$", so that its lambdas are "<<Main>$>b__0_3".
    private static string NameOf(MethodInfo method) => method.Name.StartsWith('<')
        ? method.Name[1..method.Name.LastIndexOf('>')].Trim('<', '>', '$')
        : method.Name;
}
