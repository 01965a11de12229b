using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Instrumentator.Properties;

/// <summary>The public API of an assembly as text: a heading for each type, a line for each member, sorted by
/// name.</summary>
/// <remarks>Leaves out members that the compiler generates, such as a record's equality.</remarks>
internal static class PublicApi
{
    private const BindingFlags Declared =
        BindingFlags.Public
        | BindingFlags.NonPublic
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly) =>
        string.Join("\n", assembly.GetExportedTypes()
            .Where(type => !IsGenerated(type))
            .OrderBy(TypeNames.Full, StringComparer.Ordinal)
            .Select(Of));

    /// <summary>Returns a line for each member that starts with its type, so that each difference is readable by
    /// itself.</summary>
    public static IEnumerable<string> Lines(string text)
    {
        var heading = "";
        foreach (var line in text.Split('\n').Where(line => line.Length > 0))
        {
            var isMember = line.StartsWith(' ');
            heading = isMember ? heading : line;
            yield return isMember ? $"{heading} {{ {line.Trim()} }}" : line;
        }
    }

    public static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null
        || type.IsValueType
            && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null;

    public static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    // The compiler declares an extension block in types named "<G>$…" and "<M>$…".
    private static bool IsGenerated(Type type) => type.FullName!.Contains('<', StringComparison.Ordinal);

    private static string Of(Type type)
    {
        var members = Members(type)
            .OrderBy(NameIn, StringComparer.Ordinal)
            .ThenBy(member => member, StringComparer.Ordinal);
        return string.Concat(members.Select(member => $"    {member}\n").Prepend(Heading(type) + "\n"));
    }

    private static string Heading(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return $"delegate {Signature(type.GetMethod("Invoke")!, TypeNames.Full(type))}";
        var bases = type.IsEnum ? "" : string.Join(", ", Bases(type).Select(TypeNames.Of));
        return $"{Kind(type)} {TypeNames.Full(type)}"
            + $"{(bases.Length > 0 ? " : " : "")}{bases}{Constraints(type.GetGenericArguments())}";
    }

    private static string Kind(Type type)
    {
        var modifier = type switch
        {
            { IsValueType: true } => type.IsDefined(typeof(IsReadOnlyAttribute), false) ? "readonly " : "",
            { IsInterface: true } => "",
            { IsAbstract: true } => type.IsSealed ? "static " : "abstract ",
            _ => type.IsSealed ? "sealed " : "",
        };
        var kind = type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : "class";
        return $"{modifier}{(IsRecord(type) ? "record " : "")}{kind}";
    }

    private static IEnumerable<Type> Bases(Type type)
    {
        var contracts = type.GetInterfaces();
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        var implied = contracts.SelectMany(contract => contract.GetInterfaces());
        Type[] ofRecord = IsRecord(type) ? [typeof(IEquatable<>).MakeGenericType(type)] : [];
        var written = contracts
            .Except(inherited)
            .Except(implied)
            .Except(ofRecord)
            .Where(contract => contract.IsVisible);
        Type?[] parent = type.BaseType == typeof(object) || type.IsValueType ? [] : [type.BaseType];
        return parent.OfType<Type>().Concat(written.OrderBy(TypeNames.Of, StringComparer.Ordinal));
    }

    private static string Constraints(Type[] arguments) => string.Concat(
        from argument in arguments
        let types = argument.IsGenericParameter ? argument.GetGenericParameterConstraints() : []
        where types.Length > 0
        select $" where {argument.Name} : {string.Join(", ", types.Select(TypeNames.Of))}");

    /// <summary>Returns the name in a member's line: the last word before its parameters, accessors or
    /// value.</summary>
    private static string NameIn(string member) => member.Split('(', '{', '=', '[')[0].TrimEnd().Split(' ')[^1];

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
            return [];
        if (type.IsEnum)
        {
            return Enum.GetNames(type).Select(
                name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}");
        }
        return type.GetMembers(Declared).Where(IsShown).Select(Line).OfType<string>();
    }

    private static string? Line(MemberInfo member) => member switch
    {
        FieldInfo field => Field(field),
        PropertyInfo property => Property(property),
        EventInfo one => $"event {TypeNames.Of(one.EventHandlerType!)} {one.Name}",
        ConstructorInfo { IsStatic: false } constructor => $"{Access(constructor)}new({Parameters(constructor)})",
        MethodInfo method when !method.IsSpecialName || IsOperatorOrPattern(method) => Method(method),
        _ => null,
    };

    // An active pattern of F# is named "|Odd|Even|".
    private static bool IsOperatorOrPattern(MethodInfo method) =>
        method.Name.StartsWith("op_", StringComparison.Ordinal) || method.Name.StartsWith('|');

    private static bool IsShown(MemberInfo member) =>
        !member.IsDefined(typeof(CompilerGeneratedAttribute), false)
        && member switch
        {
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            MethodBase method => IsVisible(method),
            PropertyInfo property => property.Name != "EqualityContract" && Accessors(property).Any(),
            EventInfo one => IsVisible(one.AddMethod!),
            _ => false,
        };

    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Field(FieldInfo field) => field.IsLiteral
        ? $"const {TypeNames.Of(field.FieldType)} {field.Name}"
            + $" = {Literal(field.GetRawConstantValue(), field.FieldType)}"
        : $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}"
            + $"{TypeNames.Of(field)} {field.Name}";

    private static string Property(PropertyInfo property)
    {
        var accessors = Accessors(property).ToArray();
        var indexes = string.Join(", ", property.GetIndexParameters().Select(Parameter));
        var name = indexes.Length > 0 ? $"this[{indexes}]" : property.Name;
        return $"{Access(accessors[0])}{Modifier(accessors[0])}{TypeNames.Of(property)} {name} "
            + $"{{ {string.Join(" ", accessors.Select(Accessor))} }}";
    }

    private static IEnumerable<MethodInfo> Accessors(PropertyInfo property) =>
        new[] { property.GetMethod, property.SetMethod }.OfType<MethodInfo>().Where(IsVisible);

    private static string Accessor(MethodInfo accessor) =>
        accessor.ReturnType != typeof(void) ? "get;" : IsInit(accessor) ? "init;" : "set;";

    private static string Method(MethodInfo method) =>
        $"{Access(method)}{Modifier(method)}{Signature(method, method.Name)}";

    private static string Modifier(MethodInfo method) => method switch
    {
        { IsStatic: true } => "static ",
        { IsAbstract: true } => method.DeclaringType!.IsInterface ? "" : "abstract ",
        { IsVirtual: true, IsFinal: false } => method.GetBaseDefinition() == method ? "virtual " : "override ",
        _ => "",
    };

    private static string Signature(MethodInfo method, string name)
    {
        var arguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        var generic = arguments.Length > 0 ? $"<{string.Join(", ", arguments.Select(TypeNames.Of))}>" : "";
        return $"{TypeNames.Of(method.ReturnParameter)} {name}{generic}({Parameters(method)}){Constraints(arguments)}";
    }

    private static string Parameters(MethodBase method) =>
        (method.IsDefined(typeof(ExtensionAttribute), false) ? "this " : "")
        + string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        var isParams = parameter.IsDefined(typeof(ParamArrayAttribute), false)
            || parameter.IsDefined(typeof(ParamCollectionAttribute), false);
        var passing = parameter.IsOut ? "out " : parameter.IsIn ? "in " : parameter.ParameterType.IsByRef ? "ref " : "";
        var standard = parameter.HasDefaultValue
            ? $" = {Literal(parameter.DefaultValue, parameter.ParameterType)}"
            : "";
        return $"{(isParams ? "params " : "")}{passing}{TypeNames.Of(parameter)} {parameter.Name}{standard}";
    }

    private static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
