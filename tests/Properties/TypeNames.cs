using System.Reflection;

namespace Instrumentator.Properties;

/// <summary>Types as C# writes them, with the question marks of what may be null.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string Of(ParameterInfo parameter) => Name(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    public static string Of(PropertyInfo property) => Name(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(FieldInfo field) => Name(field.FieldType, new NullabilityInfoContext().Create(field));

    public static string Of(Type type) => Name(type, null);

    /// <summary>With the namespace.</summary>
    public static string Full(Type type) => $"{type.Namespace}.{Name(type, null)}";

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value, null) + "?";

        // What is written about a type parameter depends on what stands in for it.
        var mark = !type.IsValueType && !type.IsGenericParameter && nullability?.ReadState == NullabilityState.Nullable ? "?" : "";
        return BareName(type, nullability) + mark;
    }

    private static string BareName(Type type, NullabilityInfo? nullability)
    {
        if (type.IsArray)
            return Name(type.GetElementType()!, nullability?.ElementType) + "[]";
        if (_keywords.TryGetValue(type, out var keyword))
            return keyword;
        var isInside = type is { IsNested: true, IsGenericParameter: false } && !type.DeclaringType!.IsGenericType;
        var outer = isInside ? BareName(type.DeclaringType!, null) + "." : "";
        if (!type.IsGenericType)
            return outer + type.Name;
        var inner = nullability?.GenericTypeArguments ?? [];
        var names = type.GetGenericArguments().Select((argument, i) => Name(argument, i < inner.Length ? inner[i] : null));
        return $"{outer}{type.Name.Split('`')[0]}<{string.Join(", ", names)}>";
    }
}
