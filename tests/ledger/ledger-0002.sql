BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE check_rules (
	check_id INTEGER NOT NULL, 
	rule VARCHAR(40) NOT NULL, 
	times INTEGER NOT NULL, 
	CONSTRAINT pk_check_rules PRIMARY KEY (check_id, rule), 
	CONSTRAINT fk_check_rules_check_id FOREIGN KEY(check_id) REFERENCES checks (id) ON DELETE CASCADE
);
INSERT INTO "check_rules" VALUES(1,'R_96',2);
CREATE TABLE checks (
	id INTEGER NOT NULL, 
	checked_at DATETIME NOT NULL, 
	year VARCHAR(7), 
	door VARCHAR(32) NOT NULL, 
	learners INTEGER NOT NULL, 
	CONSTRAINT pk_checks PRIMARY KEY (id)
);
INSERT INTO "checks" VALUES(1,'2026-11-28 21:02:53.222444',NULL,'dm',1);
CREATE TABLE entry_usage (
	entry_id VARCHAR(80) NOT NULL, 
	week VARCHAR(8) NOT NULL, 
	shown INTEGER NOT NULL, 
	CONSTRAINT pk_entry_usage PRIMARY KEY (entry_id, week)
);
CREATE TABLE events (
	event_id VARCHAR(255) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	received_at DATETIME NOT NULL, 
	lease_until DATETIME NOT NULL, 
	worker VARCHAR(40) NOT NULL, 
	attempts INTEGER NOT NULL, 
	user_hash VARCHAR(64), 
	payload JSON, 
	finished_at DATETIME, 
	CONSTRAINT pk_events PRIMARY KEY (event_id)
);
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	question_id INTEGER NOT NULL, 
	given_at DATETIME NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	note TEXT, 
	user_hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_feedback PRIMARY KEY (id), 
	CONSTRAINT fk_feedback_question_id FOREIGN KEY(question_id) REFERENCES questions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_feedback_question_id UNIQUE (question_id, user_hash)
);
INSERT INTO "feedback" VALUES(1,7,'2026-11-28 21:02:53.126157','wrong','a note','829d133156d668789e4f6911870d0e63bc5c2044402fd8114a870fd58acb8378');
CREATE TABLE handovers (
	id INTEGER NOT NULL, 
	question_id INTEGER, 
	opened_at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	year VARCHAR(7), 
	state VARCHAR(16) NOT NULL, 
	asker_hash VARCHAR(64), 
	asker_channel VARCHAR(64), 
	asker_thread VARCHAR(64), 
	triage_channel VARCHAR(64), 
	triage_message VARCHAR(64), 
	taker VARCHAR(64), 
	taken_at DATETIME, 
	answered_at DATETIME, 
	reminded_on DATE, 
	CONSTRAINT pk_handovers PRIMARY KEY (id), 
	CONSTRAINT fk_handovers_question_id FOREIGN KEY(question_id) REFERENCES questions (id) ON DELETE SET NULL, 
	CONSTRAINT uq_handovers_question_id UNIQUE (question_id)
);
INSERT INTO "handovers" VALUES(3,7,'2026-11-28 21:02:53.170194','What is asked here?',NULL,'open','829d133156d668789e4f6911870d0e63bc5c2044402fd8114a870fd58acb8378','C1','1.0',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE marks (
	"key" VARCHAR(120) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_marks PRIMARY KEY ("key")
);
CREATE TABLE phrasings (
	id INTEGER NOT NULL, 
	proposed_at DATETIME NOT NULL, 
	entry_id VARCHAR(80) NOT NULL, 
	text TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	proposer_hash VARCHAR(64), 
	curator VARCHAR(80), 
	decided_at DATETIME, 
	CONSTRAINT pk_phrasings PRIMARY KEY (id)
);
INSERT INTO "phrasings" VALUES(1,'2026-11-28 21:02:53.183813','an-entry','a way of asking it','draft',NULL,NULL,NULL);
CREATE TABLE questions (
	id INTEGER NOT NULL, 
	asked_at DATETIME NOT NULL, 
	text TEXT NOT NULL, 
	year VARCHAR(7), 
	door VARCHAR(32) NOT NULL, 
	outcome VARCHAR(16) NOT NULL, 
	entry_id VARCHAR(80), 
	confidence FLOAT, 
	choices JSON NOT NULL, 
	user_hash VARCHAR(64), 
	thread_hash VARCHAR(64), 
	gap_closed_at DATETIME, 
	CONSTRAINT pk_questions PRIMARY KEY (id)
);
INSERT INTO "questions" VALUES(7,'2026-11-28 21:02:53.118139','What is asked here?',NULL,'dm','choices',NULL,NULL,'["an-entry"]','829d133156d668789e4f6911870d0e63bc5c2044402fd8114a870fd58acb8378','eccb77ebc3d774239e39af46aab1217967f63f0a539a86652d0f5a61ce43171c',NULL);
CREATE TABLE suggestions (
	id INTEGER NOT NULL, 
	suggested_at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	version INTEGER NOT NULL, 
	entry_id VARCHAR(80) NOT NULL, 
	question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	topic VARCHAR(80), 
	year_from VARCHAR(7) NOT NULL, 
	source_title TEXT, 
	source_url TEXT, 
	source_year VARCHAR(32), 
	practice_owner VARCHAR(80), 
	suggester_hash VARCHAR(64), 
	curator VARCHAR(80), 
	reason TEXT, 
	decided_at DATETIME, 
	handover_id INTEGER, 
	question_id INTEGER, also_asked JSON, 
	CONSTRAINT pk_suggestions PRIMARY KEY (id), 
	CONSTRAINT fk_suggestions_handover_id FOREIGN KEY(handover_id) REFERENCES handovers (id) ON DELETE SET NULL, 
	CONSTRAINT fk_suggestions_question_id FOREIGN KEY(question_id) REFERENCES questions (id) ON DELETE SET NULL
);
INSERT INTO "suggestions" VALUES(1,'2026-11-28 21:02:53.207822','draft',1,'what-is-asked','What is asked?','What it says. What it says. What it says.',NULL,'2026-27','A',NULL,NULL,NULL,NULL,NULL,NULL,NULL,3,7,'[]');
CREATE TABLE threads (
	thread_hash VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	last_at DATETIME NOT NULL, 
	question_id INTEGER, 
	CONSTRAINT pk_threads PRIMARY KEY (thread_hash), 
	CONSTRAINT fk_threads_question_id FOREIGN KEY(question_id) REFERENCES questions (id) ON DELETE CASCADE
);
INSERT INTO "threads" VALUES('eccb77ebc3d774239e39af46aab1217967f63f0a539a86652d0f5a61ce43171c','followed','2026-11-28 21:02:53.182255',7);
CREATE INDEX ix_checks_checked_at ON checks (checked_at);
CREATE INDEX ix_events_user_hash ON events (user_hash);
CREATE INDEX ix_events_waiting ON events (state, lease_until);
CREATE INDEX ix_phrasings_proposer_hash ON phrasings (proposer_hash);
CREATE INDEX ix_phrasings_state ON phrasings (state);
CREATE INDEX ix_questions_asked_at ON questions (asked_at);
CREATE INDEX ix_questions_entry_id ON questions (entry_id);
CREATE INDEX ix_questions_thread_hash ON questions (thread_hash);
CREATE INDEX ix_questions_user_hash ON questions (user_hash);
CREATE INDEX ix_feedback_question_id ON feedback (question_id);
CREATE INDEX ix_handovers_asker_hash ON handovers (asker_hash);
CREATE INDEX ix_handovers_state ON handovers (state);
CREATE INDEX ix_handovers_triage_message ON handovers (triage_message);
CREATE INDEX ix_threads_question_id ON threads (question_id);
CREATE INDEX ix_suggestions_state ON suggestions (state);
CREATE INDEX ix_suggestions_suggester_hash ON suggestions (suggester_hash);
COMMIT;
