package dev.backpop.producer.text;

import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/** Documents as programs get them. */
public final class JsonText {
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .addModule(new SimpleModule().addSerializer(new EnumAsWord()))
            .build();

    private JsonText() {}

    /**
     * One document on one line: field names in snake_case and in the order of the record's components, map keys sorted, enums
     * in lower case, times in ISO 8601, and no character that a terminal would obey.
     */
    public static String of(Object document) {
        return Text.printableJson(JSON.writeValueAsString(document));
    }

    @SuppressWarnings("rawtypes")
    private static final class EnumAsWord extends StdSerializer<Enum> {
        EnumAsWord() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum value, JsonGenerator generator, SerializationContext context) {
            generator.writeString(value.name().toLowerCase(Locale.ROOT));
        }
    }
}
