/* `queue-server simulate`: replays and invents days under several policies, and checks the simulator against queues
 * with known answers. */
#ifndef QUARTER_SIMULATE_COMMAND_H
#define QUARTER_SIMULATE_COMMAND_H

/* argv[0] is "simulate". Returns the exit code: 0 fine, 1 failed or interrupted, 2 usage, 78 bad data. */
int simulate_command(int argc, char **argv);

#endif
