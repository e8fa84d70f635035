/* What each route does: checks what came, and answers, parks a command at the desk or starts a stream. */
#ifndef QUARTER_HTTP_HANDLERS_H
#define QUARTER_HTTP_HANDLERS_H

#include "http/routes.h"

struct desk_job;

route_handler handle_site, handle_words, handle_openapi, handle_metrics, handle_health;
route_handler handle_issue, handle_visit, handle_help, handle_help_end, handle_ticket_command,
    handle_notice, handle_notice_end, handle_numbers, handle_counter, handle_day;
route_handler handle_forecast, handle_score, handle_advice, handle_what_if;
route_handler handle_ticket, handle_board, handle_counters, handle_floor, handle_find, handle_today;
route_handler handle_board_stream, handle_counter_stream, handle_floor_stream,
    handle_manager_stream, handle_event_stream;
route_handler handle_print, handle_print_done, handle_device_state;
route_handler handle_visit_view, handle_visit_stream, handle_visit_step, handle_visit_page;
route_handler handle_session, handle_sign_in, handle_session_renew, handle_sign_out,
    handle_sessions, handle_session_end, handle_set_up, handle_password;
route_handler handle_persons, handle_colleagues, handle_person_add, handle_person_change,
    handle_person_reset, handle_person_disable, handle_person_enable, handle_audit;
route_handler handle_devices, handle_device_revoke, handle_machine_add, handle_pairings,
    handle_pairing_approve;
route_handler handle_pair, handle_pair_reveal, handle_pair_fetch;
route_handler handle_choose_page, handle_counter_page, handle_manager_page, handle_web_file,
    handle_page;

/* A command about the ticket that the job names already; takes the job. */
enum MHD_Result handle_ticket_job(struct exchange *exchange, struct desk_job *job);

#endif
