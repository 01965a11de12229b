using System.Reflection;

namespace Instrumentator;

/// <summary>The name of a user function in logs and self-metrics.</summary>
internal static class FunctionName
{
    /// <summary>Returns the type and the method of a delegate: <c>Shop.Metrics.CountOrders</c>. For a lambda, whose own
    /// names are generated, returns the member that contains it: <c>Program.Main</c>.</summary>
    /// <remarks>C# names a lambda <c>&lt;Configure&gt;b__0_3</c>, in a class <c>&lt;&gt;c</c>.</remarks>
    public static string Of(Delegate function) => function.Target is NamedFunction named
        ? named.Name
        : Of(function.Method.DeclaringType, NameOf(function.Method));

    /// <summary>Returns the module and the value of an F# function: <c>App.metrics</c>.</summary>
    /// <param name="closure">The class of the function, which the compiler names <c>metrics@12</c>.</param>
    public static string Of(Type closure) => Of(closure, closure.Name);

    /// <summary>Throws if a chosen name is blank.</summary>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public static void ThrowIfBlank(string? name)
    {
        if (name is not null && string.IsNullOrWhiteSpace(name))
            throw new ArgumentException("The name is blank. Specify a name, or null.", nameof(name));
    }

    private static string Of(Type? type, string member)
    {
        for (; type is not null && IsGenerated(type); type = type.DeclaringType)
            member = IsClosure(type) ? type.Name.Split('@')[0] : member;
        return $"{type?.FullName?.Replace('+', '.')}.{member}";
    }

    private static bool IsGenerated(Type type) => type.Name.StartsWith('<') || IsClosure(type);

    private static bool IsClosure(Type type) => type.Name.Contains('@', StringComparison.Ordinal);

    // The main program is a method "<Main>$", so that its lambdas are "<<Main>$>b__0_3".
    private static string NameOf(MethodInfo method) => method.Name.StartsWith('<')
        ? method.Name[1..method.Name.LastIndexOf('>')].Trim('<', '>', '$')
        : method.Name;
}

/// <summary>An asynchronous user function with a name that the user chose.</summary>
internal sealed class NamedFunction(Func<Info, ValueTask> function, string name)
{
    public string Name => name;

    public ValueTask RunAsync(Info info) => function(info);
}
