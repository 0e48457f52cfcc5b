package dev.holdfast.health;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the health-service. */
@SpringBootApplication
public class HealthServiceApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(HealthServiceApplication.class, arguments);
    }
}
