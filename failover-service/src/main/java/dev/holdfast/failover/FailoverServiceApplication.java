package dev.holdfast.failover;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the failover-service. */
@SpringBootApplication
public class FailoverServiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(FailoverServiceApplication.class, arguments);
    }
}
