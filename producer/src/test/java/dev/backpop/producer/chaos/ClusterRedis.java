package dev.backpop.producer.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClusterClient;
import redis.clients.jedis.UnifiedJedis;

/** A cluster of three masters. */
final class ClusterRedis implements RedisServers {
    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisNode> nodes = new ArrayList<>();

    ClusterRedis() throws IOException {
        List<Integer> busPorts = new ArrayList<>();
        for (int i = 0; i < MASTERS; i++) {
            // The default, ten thousand above the other port, may not exist.
            int busPort = SentinelRedis.freePort();
            busPorts.add(busPort);
            nodes.add(RedisNode.start(
                    "cluster-enabled yes",
                    "cluster-announce-ip 127.0.0.1",
                    "cluster-node-timeout 3000",
                    "cluster-port " + busPort));
        }
        for (int i = 0; i < MASTERS; i++) {
            cluster(i, "ADDSLOTSRANGE", i * SLOTS / MASTERS, (i + 1) * SLOTS / MASTERS - 1);
            if (i > 0) {
                cluster(0, "MEET", "127.0.0.1", nodes.get(i).port(), busPorts.get(i));
            }
        }
        for (int i = 0; i < MASTERS; i++) {
            int node = i;
            Awaitility.await("the cluster is one")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> {
                        String info = text(cluster(node, "INFO"));
                        return info.contains("cluster_state:ok") && info.contains("cluster_known_nodes:" + MASTERS);
                    });
        }
    }

    private Object cluster(int node, Object... arguments) {
        CommandArguments command = new CommandArguments(Protocol.Command.CLUSTER);
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return execute(node, command);
    }

    private Object execute(int node, CommandArguments command) {
        try (UnifiedJedis client = nodes.get(node).client()) {
            return client.executeCommand(command);
        }
    }

    private static String text(Object answer) {
        return answer instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(answer);
    }

    /** Moves the slot of a key to another master, key by key, with a pause in which the slot is on both. */
    void moveSlotOf(String key, Duration pause) {
        int slot = Integer.parseInt(text(cluster(0, "KEYSLOT", key)));
        int from = 0;
        while (slot >= (from + 1) * SLOTS / MASTERS) {
            from++;
        }
        int to = (from + 1) % MASTERS;
        String target = text(cluster(to, "MYID"));
        cluster(to, "SETSLOT", slot, "IMPORTING", text(cluster(from, "MYID")));
        cluster(from, "SETSLOT", slot, "MIGRATING", target);
        migrate(from, to, key);
        Scene.elapse(pause);
        List<String> left = keys(from, slot);
        while (!left.isEmpty()) {
            for (String each : left) {
                migrate(from, to, each);
            }
            left = keys(from, slot);
        }
        cluster(to, "SETSLOT", slot, "NODE", target);
        for (int i = 0; i < MASTERS; i++) {
            if (i != to) {
                cluster(i, "SETSLOT", slot, "NODE", target);
            }
        }
    }

    private List<String> keys(int node, int slot) {
        List<String> keys = new ArrayList<>();
        if (cluster(node, "GETKEYSINSLOT", slot, 100) instanceof List<?> found) {
            found.forEach(key -> keys.add(text(key)));
        }
        return keys;
    }

    private void migrate(int from, int to, String key) {
        execute(
                from,
                new CommandArguments(Protocol.Command.MIGRATE)
                        .add("127.0.0.1")
                        .add(Integer.toString(nodes.get(to).port()))
                        .add(key)
                        .add("0")
                        .add("5000"));
    }

    @Override
    public String url() {
        return "redis-cluster://127.0.0.1:" + nodes.get(0).port() + ",127.0.0.1:"
                + nodes.get(1).port();
    }

    @Override
    public UnifiedJedis client() {
        Set<HostAndPort> seeds = new HashSet<>();
        nodes.forEach(node -> seeds.add(new HostAndPort("127.0.0.1", node.port())));
        return RedisClusterClient.builder().nodes(seeds).build();
    }

    @Override
    public void close() {
        nodes.forEach(RedisNode::close);
    }
}
