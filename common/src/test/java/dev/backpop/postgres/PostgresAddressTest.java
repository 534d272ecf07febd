package dev.backpop.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backpop.problem.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
    private static PostgresAddress parse(String url) {
        return PostgresAddress.parse("legacy", url, null, null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:s3cret@db:5433/shop",
                "postgres://ann:s3cret@db:5433/shop",
                "jdbc:postgresql://ann:s3cret@db:5433/shop",
                "jdbc:postgresql://db:5433/shop?user=ann&password=s3cret"
            })
    void every_form_of_the_url_means_the_same(String url) {
        PostgresAddress address = parse(url);

        assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5433/shop");
        assertThat(address.user()).isEqualTo("ann");
        assertThat(address.password()).isEqualTo("s3cret");
        assertThat(address).hasToString("db:5433/shop");
    }

    @Test
    void percent_encoding_is_undone_in_credentials_and_a_plus_stays_a_plus() {
        PostgresAddress address = parse("postgresql://a%40b:p%2Fq%3A%23+%C3%A9@db/shop");

        assertThat(address.user()).isEqualTo("a@b");
        assertThat(address.password()).isEqualTo("p/q:#+é");
    }

    @Test
    void an_at_sign_or_a_colon_in_the_password_is_part_of_it() {
        PostgresAddress address = parse("postgresql://ann:a@b:c@db/shop");

        assertThat(address.password()).isEqualTo("a@b:c");
        assertThat(address.display()).isEqualTo("db/shop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://ann:s3/cret@db/shop",
                "postgresql://ann:s3#cret@db/shop",
                "postgresql://ann:s3?cret@db/shop",
                "postgresql://ann:12/cret@db/shop",
                "postgresql://ann:12?cret@db/shop",
                "postgresql://ann:12#cret@db/shop",
                "postgresql://ann:s3%cret@db/shop",
                "postgresql://ann:s3 cret@db/shop",
                "postgresql:ann:s3cret@db/shop",
                "mysql://ann:s3cret@db/shop",
                "ann:s3cret@db/shop",
                "s3cret"
            })
    void a_url_that_cannot_be_read_is_refused_without_repeating_it(String url) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("the legacy database's URL cannot be read")
                .hasMessageContaining("postgresql://user:password@host:port/database")
                .hasMessageNotContainingAny("s3", "cret@", "12/")
                .hasNoCause();
    }

    @Test
    void given_user_and_password_win_over_the_urls() {
        PostgresAddress address = PostgresAddress.parse("target", "postgresql://ann:old@db/shop", "bob", "new");

        assertThat(address.user()).isEqualTo("bob");
        assertThat(address.password()).isEqualTo("new");
    }

    @Test
    void parameters_hosts_and_ipv6_addresses_are_kept() {
        assertThat(parse("postgresql://db/shop?sslmode=require&user=ann&currentSchema=a,b")
                        .jdbcUrl())
                .isEqualTo("jdbc:postgresql://db/shop?sslmode=require&currentSchema=a,b");
        assertThat(parse("postgresql://ann@[::1]:5433/shop").jdbcUrl()).isEqualTo("jdbc:postgresql://[::1]:5433/shop");
        assertThat(parse("postgresql://ann:x@one:1,two:2/shop?targetServerType=primary")
                        .jdbcUrl())
                .isEqualTo("jdbc:postgresql://one:1,two:2/shop?targetServerType=primary");
        assertThat(parse("postgresql://my_host/shop").jdbcUrl()).isEqualTo("jdbc:postgresql://my_host/shop");
    }

    @Test
    void a_user_without_a_password_and_a_url_without_either_leave_them_to_the_driver() {
        assertThat(parse("postgresql://ann@db/shop").password()).isNull();
        assertThat(parse("postgresql://db/shop").user()).isNull();
        assertThat(parse("postgresql://db").jdbcUrl()).isEqualTo("jdbc:postgresql://db");
    }

    @Test
    void the_password_is_never_printed() {
        assertThat(parse("postgresql://ann:s3cret@db/shop?password=other&sslpassword=third")
                        .toString())
                .isEqualTo("db/shop");
    }
}
